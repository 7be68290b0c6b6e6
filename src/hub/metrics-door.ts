import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { sameSecret } from '../accounts/accounts.ts';
import { ListenProblem } from './listen-problem.ts';
import { Metrics, type MetricsPorts } from './metrics.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * `/metrics`: with the token of the file from anywhere, without one from this machine alone. What a proxy passed on
 * is never from this machine. Throws `ListenProblem` for a file without a token.
 */
export function metricsDoor(ports: MetricsPorts, tokenFile: string | null): RequestHandler {
  const token = tokenFile === null ? null : readToken(tokenFile);
  const metrics = new Metrics(ports);
  return async (req, res) => {
    if (!mayRead(req, token)) {
      res.status(401).set('www-authenticate', 'Bearer').type('text/plain');
      res.send('The metrics need the token of --metrics-token-file, or to be asked for on this machine.\n');
      return;
    }
    const text = await metrics.text();
    res.set('cache-control', 'no-store').set('content-type', metrics.contentType).send(text);
  };
}

const SHORTEST_TOKEN = 16;

function readToken(file: string): string {
  const problem = (says: string): ListenProblem => new ListenProblem(`--metrics-token-file: ${file} ${says}`);
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token.length >= SHORTEST_TOKEN) return token;
  } catch (error) {
    throw problem(`cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`);
  }
  throw problem(`holds no token of at least ${SHORTEST_TOKEN} characters`);
}

function mayRead(req: Request, token: string | null): boolean {
  const given = /^Bearer (\S{1,500})$/i.exec(req.headers.authorization ?? '')?.[1];
  if (token !== null) return given !== undefined && sameSecret(given, token);
  const passedOn = ['x-forwarded-for', 'x-forwarded-proto', 'forwarded', 'via', 'x-real-ip'];
  if (passedOn.some((name) => req.headers[name] !== undefined)) return false;
  const { remoteAddress = '', remoteFamily } = req.socket;
  return LOOPBACK.check(remoteAddress, remoteFamily === 'IPv6' ? 'ipv6' : 'ipv4');
}
