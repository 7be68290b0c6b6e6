import type { Entry } from 'ldapts';
import { filterValue } from './directory-text.ts';

/** What of an entry tells who it is. */
export const IDENTITY_ATTRIBUTES = ['entryUUID', 'objectGUID'] as const;

/** What never becomes somebody else's: the entry's own number, or where there is none its DN. */
export function subjectOf(entry: Entry): string {
  const uuid = first(entry.entryUUID);
  if (uuid !== undefined) return uuid;
  const guid = [entry.objectGUID].flat()[0];
  return Buffer.isBuffer(guid) && guid.length > 0 ? guid.toString('hex') : entry.dn.toLowerCase();
}

/** How an entry is found again by what `subjectOf` said of it: by a filter, or at its DN. */
export function subjectAt(subject: string): { readonly filter: string } | { readonly dn: string } {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject))
    return { filter: `(entryUUID=${filterValue(subject)})` };
  if (/^[0-9a-f]{32}$/.test(subject)) return { filter: `(objectGUID=${subject.replace(/../g, '\\$&')})` };
  return { dn: subject };
}

const ACCOUNT_DISABLED = 2;
/** Between 1601 and 1970. */
const FILETIME_EPOCH_MS = 11_644_473_600_000;
const NEVER = '9223372036854775807';

/** By what directories keep a password from being taken, for good: Active Directory, 389 and FreeIPA, OpenLDAP, eDirectory. */
const BARRED: Readonly<Record<string, (value: string, nowMs: number) => boolean>> = {
  userAccountControl: (value) => (Number(value) & ACCOUNT_DISABLED) !== 0,
  accountExpires: (value, nowMs) =>
    value !== '0' && value !== NEVER && Number(value) / 10_000 - FILETIME_EPOCH_MS < nowMs,
  nsAccountLock: (value) => value.toLowerCase() === 'true',
  pwdAccountLockedTime: (value) => value.startsWith('000001010000'),
  loginDisabled: (value) => value.toLowerCase() === 'true',
};

export const BARRED_ATTRIBUTES: readonly string[] = Object.keys(BARRED);

/** Whether the directory would let nobody in by this entry, whatever the password. */
export function isBarred(entry: Entry, nowMs: number): boolean {
  const attributes = new Map(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(BARRED).some(([name, bars]) =>
    list(attributes.get(name.toLowerCase())).some((value) => bars(value, nowMs)),
  );
}

export const list = (value: Entry[string] | undefined): string[] =>
  [value].flat().filter((one): one is string => typeof one === 'string' && one !== '');
export const first = (value: Entry[string] | undefined): string | undefined => list(value)[0];
