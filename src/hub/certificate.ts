import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cancel, Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';

const DAY_MS = 24 * 3_600_000;
const WARN_BEFORE_MS = 14 * DAY_MS;

/** When the certificate this hub shows ends; null without TLS of its own, or for a file that cannot be read. */
export function certificateEndsMs(tls: HubConfig['tls']): number | null {
  if (tls === null) return null;
  try {
    // biome-ignore lint/style/noRestrictedGlobals: reads a date that is written there, not the clock
    return Date.parse(new X509Certificate(readFileSync(tls.certFile)).validTo);
  } catch {
    return null; // the start has told why
  }
}

/** Whole days a certificate is still good for, when that is worth a warning; below 0 it has ended. */
export function daysLeft(endsMs: number | null, nowMs: number): number | null {
  return endsMs === null || endsMs - nowMs > WARN_BEFORE_MS ? null : Math.floor((endsMs - nowMs) / DAY_MS);
}

/** Warns now and every day while the certificate ends within 14 days; the file is read anew each time. */
export function watchCertificate(
  tls: HubConfig['tls'],
  clock: Clock,
  warn: (daysLeft: number) => void,
): Cancel {
  let cancel: Cancel = () => {};
  const look = (): void => {
    cancel = clock.after(DAY_MS, look);
    const days = daysLeft(certificateEndsMs(tls), clock.wallMs());
    if (days !== null) warn(days);
  };
  if (tls !== null) look();
  return () => cancel();
}
