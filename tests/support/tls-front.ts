import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Lifetime, tempDir } from './supervisors.ts';

/** An authority of our own and a certificate it signed for localhost, as PEM files and text. */
export interface TestCertificate {
  readonly authority: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** Made anew by openssl for each test that asks. */
export function makeCertificate(t: Lifetime): TestCertificate {
  const dir = tempDir(t);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  openssl(
    'req',
    ...key,
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
    '-keyout',
    'host.key',
    '-out',
    'host.csr',
  );
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
  openssl('x509', '-req', '-in', 'host.csr', ...sign, '-days', '2', '-out', 'host.pem');
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  return {
    authority: read('ca.pem'),
    certFile: join(dir, 'host.pem'),
    keyFile: join(dir, 'host.key'),
    cert: read('host.pem'),
    key: read('host.key'),
  };
}

/** TLS in front of a unix socket, as a reverse proxy would be: the port it listens on. */
export async function tlsFront(t: Lifetime, socketPath: string, pair: TestCertificate): Promise<number> {
  const server = https.createServer({ cert: pair.cert, key: pair.key }, (req, res) => {
    const { url: path, method, headers } = req;
    const onward = http.request({ socketPath, path, method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
