import { type AddressPorts, resolvedProblem } from '../control/host-address.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import { isForbiddenAddress } from '../links/supervisord-address.ts';

/** Where a webhook is sent, taken apart once. */
export interface ReceiverAddress {
  readonly secure: boolean;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** Only where it begins: the rest is as good as a password. */
  readonly shown: string;
}

export type ReceiverPorts = Pick<AddressPorts, 'clock' | 'isOwnListener'>;

const PORTS: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
]);

/** Reads `https://HOST/PATH?QUERY`. Problems are those of a host's address: what no supervisor may have, no receiver may. */
export function parseReceiver(url: string): Parsed<ReceiverAddress> {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const port = PORTS.get(parsed?.protocol ?? '');
  if (parsed === null || port === undefined || parsed.hostname === '')
    return wrong({
      where: 'url',
      says: 'is not an address a message can be sent to',
      hint: 'Write https://HOST/PATH, as the receiver shows it.',
    });
  if (parsed.username !== '' || parsed.password !== '')
    return wrong({
      where: 'url',
      says: 'has a user name or password in it',
      hint: 'Leave it out: a webhook is known by its path and its signature.',
    });
  const hostname = parsed.hostname.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(hostname)) return wrong(forbidden('url'));
  const path = `${parsed.pathname}${parsed.search}`;
  return {
    ok: true,
    value: {
      secure: parsed.protocol === 'https:',
      hostname,
      port: parsed.port === '' ? port : Number(parsed.port),
      path,
      shown: path === '/' ? parsed.origin : `${parsed.origin}/…`,
    },
  };
}

/** The address of a receiver that may be had, asking the DNS and nobody else. */
export async function usableReceiver(url: string, ports: ReceiverPorts): Promise<Parsed<ReceiverAddress>> {
  const address = parseReceiver(url);
  if (!address.ok) return address;
  const problem = await placeProblem('url', address.value, ports);
  return problem === null ? address : wrong(problem);
}

/** What keeps a mail server from being had; null: nothing. */
export async function mailHostProblem(
  place: { readonly host: string; readonly port: number },
  ports: ReceiverPorts,
): Promise<Problem | null> {
  const hostname = place.host.replace(/^\[|\]$/g, '');
  if (isForbiddenAddress(hostname)) return forbidden('host');
  return placeProblem('host', { hostname, port: place.port }, ports);
}

async function placeProblem(
  where: string,
  { hostname, port }: Pick<ReceiverAddress, 'hostname' | 'port'>,
  ports: ReceiverPorts,
): Promise<Problem | null> {
  if (ports.isOwnListener(hostname, port))
    return { where, says: 'is the hub itself', hint: 'Give the address of the receiver.' };
  const address = { kind: 'tcp', secure: false, hostname, port, path: '/', shown: hostname } as const;
  const problem = await resolvedProblem(address, ports);
  return problem === null ? null : { ...problem, where };
}

const forbidden = (where: string): Problem => ({
  where,
  says: 'is link-local, multicast or a cloud metadata address',
  hint: 'Use the address of the receiver itself.',
});

function wrong(problem: Problem): { readonly ok: false; readonly problems: readonly [Problem] } {
  return { ok: false, problems: [problem] };
}
