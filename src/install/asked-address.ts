import type { Request } from 'express';

const HOST = /^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;

/**
 * The hub's address as whoever asks reaches it; null for a `Host` that is none.
 * It goes into a script that runs as root: nothing but letters, digits and the signs of an address get through.
 */
export function askedAddress(req: Request, basePath: string): string | null {
  const host = req.host ?? '';
  return HOST.test(host) ? `${req.protocol === 'https' ? 'https' : 'http'}://${host}${basePath}` : null;
}
