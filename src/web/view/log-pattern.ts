/** What is looked for in lines: upper and lower case are the same. */
export interface LogPattern {
  readonly find: string;
  readonly regex: boolean;
}

export type Compiled =
  | { readonly kind: 'none' }
  | { readonly kind: 'ready'; readonly marks: RegExp }
  | { readonly kind: 'wrong'; readonly says: string };

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/** For marking in the browser. */
export function compiled({ find, regex }: LogPattern): Compiled {
  if (find === '') return { kind: 'none' };
  try {
    return {
      kind: 'ready',
      marks: new RegExp(regex ? find.replace(/^\(\?i\)/, '') : find.replace(SPECIAL, '\\$&'), 'gi'),
    };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return { kind: 'wrong', says: says.replace(/^.*\/[a-z]*: /, '') };
  }
}

/** The same for the hub, which reads RE2; undefined: every line. */
export function forHub({ find, regex }: LogPattern): string | undefined {
  if (find === '') return undefined;
  return `(?i)${regex ? find : find.replace(SPECIAL, '\\$&')}`;
}
