/** Where a supervisor listens, taken apart for a socket. */
export type ServerAddress =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: 'none' | 'verified' };

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/**
 * Reads `unix:///path`, `http://host:port` or `https://host:port`; undefined for any other scheme.
 * A path after an http host is ignored, as supervisorctl does; an empty host is localhost.
 */
export function parseServerUrl(url: string): ServerAddress | undefined {
  if (url.startsWith('unix://')) return { kind: 'unix', socketPath: url.slice('unix://'.length) };
  const match = /^(https?):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?(?:[/?#]|$)/i.exec(url);
  if (match === null) return undefined;
  const scheme = match[1]?.toLowerCase() === 'https' ? 'https' : 'http';
  const host = (match[2] ?? '').replace(/^\[|\]$/g, '');
  return {
    kind: 'tcp',
    host: host === '' ? 'localhost' : host,
    port: match[3] ? Number(match[3]) : DEFAULT_PORTS[scheme],
    tls: scheme === 'https' ? 'verified' : 'none',
  };
}

/** Whether supervisorctl would take this as a URL: a scheme, and a host or a path. Contract: CFG-047. */
export function looksLikeUrl(text: string): boolean {
  const match = /^[a-z][a-z0-9+.-]*:(?:\/\/([^/?#]*))?([^?#]*)/i.exec(text);
  return match !== null && ((match[1] ?? '') !== '' || (match[2] ?? '') !== '');
}
