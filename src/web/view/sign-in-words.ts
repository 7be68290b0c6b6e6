import type { MessageKey } from '../messages/en.ts';

/** Refusals that are about the person, the directory that knows them or a proxy in between, not about what was typed. */
const KNOWN: Readonly<Record<string, { readonly cause: MessageKey; readonly mend: MessageKey }>> = {
  'no-role': { cause: 'signon.no-role', mend: 'signon.no-role.mend' },
  'name-taken': { cause: 'signon.taken', mend: 'signon.taken.mend' },
  'foreign-origin': { cause: 'signin.origin', mend: 'signin.originMend' },
  'directory-unavailable': { cause: 'signin.directory', mend: 'signin.directoryMend' },
};

/** The words for a problem of signing in, by its `type`; null: what was typed is at fault, or the hub. */
export function personalRefusal(
  type: string | undefined,
): { readonly cause: MessageKey; readonly mend: MessageKey } | null {
  return KNOWN[type?.split('/').at(-1) ?? ''] ?? null;
}
