import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../clock.ts';

/** What a name resolves to here: its addresses, or why there are none. */
export type Resolved =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly why: 'unknown' | 'slow' };

/** Asks the system as a connection would; an IP address is its own answer. Never longer than `withinMs`. */
export async function resolveName(hostname: string, withinMs: number, clock: Clock): Promise<Resolved> {
  if (isIP(hostname) !== 0) return { ok: true, addresses: [hostname] };
  let cancel = (): void => {};
  const slow = new Promise<Resolved>((done) => {
    cancel = clock.after(withinMs, () => done({ ok: false, why: 'slow' }));
  });
  const asked = lookup(hostname, { all: true }).then(
    (found): Resolved => ({ ok: true, addresses: found.map(({ address }) => address) }),
    (): Resolved => ({ ok: false, why: 'unknown' }),
  );
  const resolved = await Promise.race([asked, slow]);
  cancel();
  return resolved;
}
