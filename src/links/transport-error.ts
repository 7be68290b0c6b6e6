import type { LinkFailureKind } from '../fleet/host.ts';
import type { SupervisordAddress } from './supervisord-address.ts';

/** Causes the hub can tell apart when a supervisord does not answer as one. */
export type TransportFailureKind =
  | Exclude<LinkFailureKind, 'not-connected' | 'revoked'>
  | 'server-error'
  /** A name that leads to an address no supervisor may have. */
  | 'forbidden'
  | 'cancelled';

/** The detail of `unauthorized` where no user was given. */
export const NO_USER = 'anonymous';

/** A request that brought no XML-RPC answer. */
export class TransportError extends Error {
  readonly kind: TransportFailureKind;
  /** False only when the host cannot have seen the request. */
  readonly sent: boolean;
  /** The connection was an old one, kept alive: the host may just have closed it. */
  readonly onOldConnection: boolean;

  constructor(
    kind: TransportFailureKind,
    how: { sent: boolean; onOldConnection?: boolean; detail?: string },
  ) {
    super(how.detail ?? kind);
    this.name = 'TransportError';
    this.kind = kind;
    this.sent = how.sent;
    this.onOldConnection = how.onOldConnection ?? false;
  }
}

const BY_CODE: ReadonlyMap<string, TransportFailureKind> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ENOENT', 'no-socket'],
  ['ENOTSOCK', 'no-socket'],
  ['EACCES', 'permission'],
  ['EPERM', 'permission'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'closed'],
  ['EPIPE', 'closed'],
  ['EPROTO', 'tls'],
  ['EFORBIDDEN', 'forbidden'],
]);
const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|CERT_|ERR_OSSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/;

/** The kind of a system, TLS or HTTP parser error, by its code. */
export function failureKindOfCode(code: string | undefined): TransportFailureKind {
  if (code === undefined) return 'other';
  if (code.startsWith('HPE_')) return 'not-a-supervisor';
  if (TLS_CODE.test(code)) return 'tls';
  return BY_CODE.get(code) ?? 'other';
}

/** The kind of an HTTP status that is not 200, or null for 200. Redirects are never followed. */
export function failureKindOfStatus(status: number): TransportFailureKind | null {
  if (status === 200) return null;
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404 || status === 405 || status === 410) return 'wrong-path';
  return status >= 500 ? 'server-error' : 'not-a-supervisor';
}

/** How an address is named in sentences about it. */
export function shownAddress(address: SupervisordAddress): string {
  return address.kind === 'unix' ? address.socketPath : address.shown;
}
