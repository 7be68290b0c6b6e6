import type { LinkFailure, LinkFailureKind } from '../fleet/host.ts';
import { type Told, told } from '../fleet/said.ts';
import type { SentenceKey } from '../fleet/sentences.ts';
import type { SupervisordAddress } from './supervisord-address.ts';
import { NO_USER, shownAddress, type TransportError, type TransportFailureKind } from './transport-error.ts';

/** Every request to a supervisord ends by then. */
export const REQUEST_DEADLINE_MS = 5_000;

interface Place {
  readonly host: string;
  readonly at: string;
  readonly unix: boolean;
  /** What the system or the answer adds: an error code, an HTTP status. Never text the host sent. */
  readonly detail: string;
}
interface FailureRow {
  readonly kind: LinkFailureKind;
  readonly says: (place: Place) => SentenceKey;
  readonly mend: (place: Place) => SentenceKey;
}

const row = (kind: LinkFailureKind, says: SentenceKey, mend: SentenceKey): FailureRow => ({
  kind,
  says: () => says,
  mend: () => mend,
});

const CERTIFICATE_MENDS: Readonly<Record<string, SentenceKey>> = {
  CERT_NOT_PINNED: 'mend.pinned',
  CERT_HAS_EXPIRED: 'mend.tlsExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'mend.tlsName',
};

const FAILURES: Record<TransportFailureKind, FailureRow> = {
  refused: {
    kind: 'refused',
    says: ({ unix }) => (unix ? 'link.refusedSocket' : 'link.refused'),
    mend: ({ unix }) => (unix ? 'mend.refusedSocket' : 'mend.refused'),
  },
  timeout: {
    kind: 'timeout',
    says: ({ detail }) =>
      detail === 'connect' ? 'link.noConnection' : detail === 'partial' ? 'link.slow' : 'link.silent',
    mend: ({ detail }) => (detail === 'connect' ? 'mend.noConnection' : 'mend.silent'),
  },
  tls: {
    kind: 'tls',
    says: ({ detail }) => (detail === '' ? 'link.tls' : 'link.tlsWhy'),
    mend: ({ detail }) => CERTIFICATE_MENDS[detail] ?? 'mend.tls',
  },
  dns: row('dns', 'link.dns', 'mend.dns'),
  forbidden: row('other', 'link.forbidden', 'mend.forbidden'),
  'no-socket': row('no-socket', 'link.noSocket', 'mend.noSocket'),
  permission: row('permission', 'link.permission', 'mend.permission'),
  unauthorized: {
    kind: 'unauthorized',
    says: ({ detail }) => (detail === NO_USER ? 'link.needsUser' : 'link.unauthorized'),
    mend: () => 'mend.unauthorized',
  },
  'wrong-path': row('wrong-path', 'link.wrongPath', 'mend.wrongPath'),
  'not-a-supervisor': row('not-a-supervisor', 'link.notASupervisor', 'mend.notASupervisor'),
  'server-error': row('other', 'link.serverError', 'mend.serverError'),
  'too-large': row('too-large', 'link.tooLarge', 'mend.tooLarge'),
  closed: row('closed', 'link.closed', 'mend.closed'),
  'shutting-down': row('shutting-down', 'link.shuttingDown', 'mend.shuttingDown'),
  cancelled: row('other', 'link.cancelled', 'mend.cancelled'),
  other: {
    kind: 'other',
    says: ({ detail }) => (detail === '' ? 'link.other' : 'link.otherWhy'),
    mend: () => 'mend.other',
  },
};

/** Why a request brought no answer, in words an operator can act on. Quotes nothing the host sent. */
export function linkFailure(error: TransportError, host: string, address: SupervisordAddress): LinkFailure {
  const { kind, says, mend } = FAILURES[error.kind];
  const detail = error.message === error.kind ? '' : error.message;
  const place: Place = { host, at: shownAddress(address), unix: address.kind === 'unix', detail };
  const values = { host, at: place.at, detail };
  return failureOf(kind, told(says(place), values), told(mend(place), values));
}

export function failureOf(kind: LinkFailureKind, why: Told, mend: Told): LinkFailure {
  return {
    kind,
    says: why.says,
    mend: mend.says,
    ...(why.said === undefined ? {} : { said: why.said }),
    ...(mend.said === undefined ? {} : { mendSaid: mend.said }),
  };
}
