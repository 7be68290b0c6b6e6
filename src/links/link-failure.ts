import type { LinkFailure, LinkFailureKind } from '../fleet/host.ts';
import type { SupervisordAddress } from './supervisord-address.ts';
import { shownAddress, type TransportError, type TransportFailureKind } from './transport-error.ts';

/** Every request to a supervisord ends by then. */
export const REQUEST_DEADLINE_MS = 5_000;

interface Place {
  readonly host: string;
  readonly at: string;
  readonly unix: boolean;
  /** What the system or the answer adds: an error code, an HTTP status. Never text the host sent. */
  readonly detail: string;
}
type Sentence = (place: Place) => string;
interface FailureRow {
  readonly kind: LinkFailureKind;
  readonly says: Sentence;
  readonly mend: Sentence;
}

const FAILURES: Record<TransportFailureKind, FailureRow> = {
  refused: {
    kind: 'refused',
    says: ({ at, unix }) => (unix ? `nothing listens on the socket ${at}` : `connection refused by ${at}`),
    mend: ({ host, unix }) =>
      unix
        ? `supervisord on ${host} is not running and left its socket behind: start it.`
        : `See whether supervisord runs on ${host}, and whether [inet_http_server] names this port.`,
  },
  timeout: {
    kind: 'timeout',
    says: ({ detail }) =>
      detail === 'connect'
        ? 'takes no connection within 5 s'
        : detail === 'partial'
          ? 'answers too slowly: the answer was not complete within 5 s'
          : 'accepts connections, answers nothing within 5 s',
    mend: ({ host, detail }) =>
      detail === 'connect'
        ? `See whether ${host} is up, and whether a firewall drops packets on the way.`
        : `See whether supervisord on ${host} hangs: run "supervisorctl status" there.`,
  },
  dns: {
    kind: 'dns',
    says: ({ at }) => `the name in ${at} does not resolve`,
    mend: () => 'Correct the name, or see whether the DNS this hub asks knows it.',
  },
  tls: {
    kind: 'tls',
    says: ({ at, detail }) => `no TLS connection to ${at}${detail === '' ? '' : ` (${detail})`}`,
    mend: ({ detail }) =>
      detail === 'CERT_NOT_PINNED'
        ? 'It shows another certificate than the pinned one: if that was renewed on purpose, pin the new one.'
        : 'See whether the address speaks TLS, and whether its certificate is valid; one of your own needs its authority (or its SHA-256) in the settings of the host.',
  },
  forbidden: {
    kind: 'other',
    says: ({ at }) => `the name in ${at} leads to a link-local, multicast or cloud metadata address`,
    mend: () => 'Correct the name, or what the DNS this hub asks says about it.',
  },
  'no-socket': {
    kind: 'no-socket',
    says: ({ at }) => `there is no socket ${at}`,
    mend: ({ host }) =>
      `Start supervisord on ${host}, or correct the path: [unix_http_server] file= names it.`,
  },
  permission: {
    kind: 'permission',
    says: ({ at }) => `this hub may not open ${at}`,
    mend: () => "Let the hub's user in: chmod= and chown= in [unix_http_server], then restart supervisord.",
  },
  unauthorized: {
    kind: 'unauthorized',
    says: () => 'the user name or password is refused',
    mend: ({ host }) => `Enter the username and password that stand in the supervisord.conf of ${host}.`,
  },
  'wrong-path': {
    kind: 'wrong-path',
    says: ({ at, detail }) => `something answers at ${at}, but not at this path${detail}`,
    mend: () => 'supervisord answers at /RPC2: leave the path out, or give the one your proxy uses.',
  },
  'not-a-supervisor': {
    kind: 'not-a-supervisor',
    says: ({ at, detail }) => `what answers at ${at} is not a supervisord${detail}`,
    mend: () =>
      'See whether host, port and path are right (/RPC2, or nothing), and whether the file has [rpcinterface:supervisor].',
  },
  'server-error': {
    kind: 'other',
    says: ({ detail }) => `answers with an error of its own${detail}`,
    mend: ({ host }) => `The log of supervisord on ${host} has a traceback that says why.`,
  },
  'too-large': {
    kind: 'too-large',
    says: () => 'the answer is larger than 64 MB and was cut off',
    mend: () => 'See whether the address really is a supervisord.',
  },
  closed: {
    kind: 'closed',
    says: () => 'closed the connection before it answered',
    mend: ({ host }) => `supervisord on ${host} may be restarting; else its log says why.`,
  },
  'shutting-down': {
    kind: 'shutting-down',
    says: () => 'is shutting down or restarting',
    mend: ({ host }) => `Wait, or start supervisord on ${host} again.`,
  },
  cancelled: { kind: 'other', says: () => 'was given up by the hub', mend: () => 'Nothing needs mending.' },
  other: {
    kind: 'other',
    says: ({ at, detail }) => `no connection to ${at}${detail === '' ? '' : ` (${detail})`}`,
    mend: ({ host }) => `See whether ${host} is up and can be reached from this hub.`,
  },
};

/** Why a request brought no answer, in words an operator can act on. Quotes nothing the host sent. */
export function linkFailure(error: TransportError, host: string, address: SupervisordAddress): LinkFailure {
  const row = FAILURES[error.kind];
  const detail = error.message === error.kind ? '' : error.message;
  const place: Place = { host, at: shownAddress(address), unix: address.kind === 'unix', detail };
  return { kind: row.kind, says: row.says(place), mend: row.mend(place) };
}
