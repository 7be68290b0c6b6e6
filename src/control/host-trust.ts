import type { Host } from '../fleet/host.ts';
import type { TlsTrust } from '../links/tls-trust.ts';

/** What the link to a host is opened with; `authority` is the PEM the registry keeps for it. */
export function trustOf({ trust }: Pick<Host, 'trust'>, authority: string | null): TlsTrust | null {
  if (trust?.kind === 'pinned') return { kind: 'pinned', sha256: trust.sha256 };
  return trust?.kind === 'authority' && authority !== null ? { kind: 'authority', pem: authority } : null;
}
