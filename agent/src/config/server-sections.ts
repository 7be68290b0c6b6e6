import { ownerOf } from './accounts.ts';
import type { HttpServerConfig, InetServerConfig, UnixServerConfig } from './config.ts';
import { Names } from './expansion.ts';
import type { Loading } from './loading.ts';
import { normalizePath } from './paths.ts';
import { strip } from './python-text.ts';
import { type Reader, wrong } from './reading.ts';
import { SectionReader } from './section-reader.ts';
import { inetAddress, octal } from './values.ts';

/** The servers of all `[inet_http_server…]`, then all `[unix_http_server…]` sections. Contract: CFG-151 to CFG-159. */
export function readServers(loading: Loading): HttpServerConfig[] {
  const sections = [...loading.document.sections.keys()];
  return [
    ...sections.filter((name) => name.startsWith('inet_http_server')).map((name) => readInet(name, loading)),
    ...sections.filter((name) => name.startsWith('unix_http_server')).map((name) => readUnix(name, loading)),
  ];
}

/** What children are told to reach this daemon by: the first unix server, else the last inet one. Contract: CFG-196. */
export function serverUrlOf(servers: readonly HttpServerConfig[]): string | null {
  const unix = servers.find((server) => server.kind === 'unix');
  if (unix !== undefined) return `unix://${unix.path}`;
  const inet = servers.findLast((server) => server.kind === 'inet');
  return inet === undefined ? null : `http://${inet.host || 'localhost'}:${inet.port}`;
}

function readInet(section: string, loading: Loading): InetServerConfig {
  const reader = new SectionReader(section, loading.document, loading.findings, loading.environmentNames);
  const auth = readAuth(reader);
  if (reader.raw('port') === null) {
    const hint = 'add port=, such as 127.0.0.1:9001';
    reader.complain('port', { says: `section [${section}] has no port value`, hint });
  }
  const address = reader.value('port', inetAddress, { host: '', port: 0 });
  return { kind: 'inet', section, auth, ...address };
}

function readUnix(
  section: string,
  { document, findings, environmentNames, here, paths }: Loading,
): UnixServerConfig {
  const reader = new SectionReader(section, document, findings, environmentNames);
  const file = reader.with(new Names(environmentNames, { here })).text('file');
  if (reader.raw('file') === null) {
    const hint = 'add file=, such as /run/supervisor.sock';
    reader.complain('file', { says: `section [${section}] has no file value`, hint });
  }
  const auth = readAuth(reader);
  const owner = reader.value(
    'chown',
    ownerOf(paths.users, (text) => `Invalid sockchown value ${text}`),
    null,
  );
  const mode = reader.value('chmod', socketMode, 0o700);
  return { kind: 'unix', section, auth, path: normalizePath(strip(file ?? ''), paths), owner, mode };
}

function readAuth(reader: SectionReader): { username: string; password: string } | null {
  const username = reader.text('username');
  const password = reader.text('password');
  const missing = (reader.raw('username') === null) !== (reader.raw('password') === null);
  if (missing) {
    reader.complain(username === null ? 'password' : 'username', {
      says: `Section [${reader.section}] contains incomplete authentication: If a username or a password is specified, both the username and password must be specified`,
      hint: 'set both, or neither',
    });
  }
  return username && password !== null ? { username, password } : null;
}

const socketMode: Reader<number> = (text) => {
  const mode = octal(text);
  return mode.ok ? mode : wrong(`Invalid chmod value ${text}`, 'use octal digits, such as 0700');
};
