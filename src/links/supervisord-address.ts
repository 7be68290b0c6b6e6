import { BlockList, isIP } from 'node:net';
import type { Parsed, Problem } from '../fleet/problem.ts';

/** Where a supervisord listens, taken apart once. `shown` has no credentials and may be printed. */
export type SupervisordAddress =
  | {
      readonly kind: 'tcp';
      readonly secure: boolean;
      readonly hostname: string;
      readonly port: number;
      readonly path: string;
      readonly shown: string;
    }
  | { readonly kind: 'unix'; readonly socketPath: string; readonly path: string; readonly shown: string };

const DEFAULT_PATH = '/RPC2';
const SCHEMES: ReadonlyMap<string, { readonly secure: boolean; readonly port: number }> = new Map([
  ['http:', { secure: false, port: 80 }],
  ['https:', { secure: true, port: 443 }],
]);

/**
 * Reads `http://HOST:PORT`, `https://HOST:PORT/PATH` or `unix:///PATH`; without a path it is `/RPC2`.
 * Problems: another scheme, credentials inside the address, a query, an address no supervisor may have.
 */
export function parseSupervisordAddress(url: string): Parsed<SupervisordAddress> {
  if (url.startsWith('unix:')) return parseUnix(url);
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const scheme = SCHEMES.get(parsed?.protocol ?? '');
  if (parsed === null || scheme === undefined || parsed.hostname === '') {
    return problem(
      'is not an address',
      'Write http://HOST:9001, https://HOST:9001 or unix:///run/supervisor.sock.',
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return problem(
      'has a user name or password in it',
      'Give them in their own fields: there they are kept sealed.',
    );
  }
  if (parsed.search !== '' || parsed.hash !== '')
    return problem('has a query or a fragment', 'End it after the path.');
  const hostname = parsed.hostname.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(hostname)) {
    return problem(
      'is link-local, multicast or a cloud metadata address',
      'Use the address of the host itself.',
    );
  }
  const value: SupervisordAddress = {
    kind: 'tcp',
    secure: scheme.secure,
    hostname,
    port: parsed.port === '' ? scheme.port : Number(parsed.port),
    path: parsed.pathname === '/' ? DEFAULT_PATH : parsed.pathname,
    shown: parsed.href.replace(/\/$/, ''),
  };
  return { ok: true, value };
}

function parseUnix(url: string): Parsed<SupervisordAddress> {
  const socketPath = url.replace(/^unix:(\/\/)?/, '');
  if (!socketPath.startsWith('/') || socketPath.includes('\0')) {
    return problem('names no absolute socket path', 'Write unix:///run/supervisor.sock, with three slashes.');
  }
  return { ok: true, value: { kind: 'unix', socketPath, path: DEFAULT_PATH, shown: `unix://${socketPath}` } };
}

function problem(says: string, hint: string): { readonly ok: false; readonly problems: readonly [Problem] } {
  return { ok: false, problems: [{ where: 'url', says, hint }] };
}

const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('0.0.0.0', 8, 'ipv4');
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addSubnet('224.0.0.0', 3, 'ipv4');
FORBIDDEN.addAddress('100.100.100.200', 'ipv4');
FORBIDDEN.addAddress('::', 'ipv6');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');
FORBIDDEN.addAddress('168.63.129.16', 'ipv4'); // what Azure answers machines at
FORBIDDEN.addSubnet('fd00:ec2::', 32, 'ipv6');
FORBIDDEN.addSubnet('fd20:ce::', 32, 'ipv6');
FORBIDDEN.addSubnet('::a9fe:0', 112, 'ipv6');
// The same IPv4 addresses as NAT64 and 6to4 write them.
FORBIDDEN.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
FORBIDDEN.addSubnet('2002:a9fe::', 32, 'ipv6');

/** True for an IP address no supervisor may be registered at or resolve to, in plain or IPv4-mapped form. */
export function isForbiddenAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return FORBIDDEN.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
