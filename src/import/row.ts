import type { ImportRow } from '../fleet/imported-row.ts';
import type { Problem } from '../fleet/problem.ts';

/** Everything a list holds, and everything that is wrong with it, each with its line. */
export interface ReadList {
  readonly rows: readonly ImportRow[];
  readonly problems: readonly Problem[];
}

/** What a source says of one host; the rest is filled in. */
export interface Told {
  readonly line: number | null;
  readonly name: string;
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly environment?: string | undefined;
  readonly remark?: string | undefined;
}

/** A row from what the source tells: credentials are taken out of the address, names made fit. */
export function rowFrom(told: Told): ImportRow {
  const taken = withoutCredentials(told.url);
  const name = fitName(told.name);
  const remarks = [
    told.remark ?? '',
    name === told.name ? '' : `called ${JSON.stringify(told.name)} there`,
    taken.username === null ? '' : 'user and password are taken out of the address',
  ].filter((remark) => remark !== '');
  const environment = told.environment?.trim() ?? '';
  return {
    line: told.line,
    name,
    url: taken.url,
    username: filled(told.username) ?? taken.username,
    password: filled(told.password) ?? taken.password,
    environment: environment === '' ? null : fitLabel(environment),
    tags: [],
    remark: remarks.join('; '),
  };
}

export const problemAt = (line: number | null, says: string, hint?: string): Problem => ({
  where: line === null ? 'file' : `line ${line}`,
  says,
  ...(hint === undefined ? {} : { hint }),
});

interface Taken {
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
}

/** `http://user:p%40ss@host/` → the address and, decoded, what stood before the `@`. */
export function withoutCredentials(url: string): Taken {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/i.exec(url.trim());
  if (match === null) return { url: url.trim(), username: null, password: null };
  const [, scheme = '', userinfo = '', rest = ''] = match;
  const colon = userinfo.indexOf(':');
  const username = colon < 0 ? userinfo : userinfo.slice(0, colon);
  const password = colon < 0 ? '' : userinfo.slice(colon + 1);
  return { url: `${scheme}${rest}`, username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % was meant as it stands
  }
}

/** Letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most 63: as names of hosts are. */
function fitName(name: string): string {
  const fit = name
    .trim()
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '');
  return (fit === '' ? 'host' : fit).slice(0, 63);
}

const fitLabel = (label: string): string => label.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 64);

const filled = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
