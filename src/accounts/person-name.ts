/** How people may be called. */
export const PERSON_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,99}$/u;
export const PERSON_NAME_SAYS = 'letters, digits, ".", "_", "@" and "-", at most 100';

export function isPersonName(text: string): boolean {
  return PERSON_NAME.test(text);
}
