/** One character of selector text, with where it stood and whether quotes took its meaning away. */
export interface Letter {
  readonly char: string;
  readonly at: number;
  readonly literal: boolean;
}

type Part =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | {
      readonly kind: 'set';
      readonly ranges: readonly (readonly [string, string])[];
      readonly negated: boolean;
    };

/** A compiled pattern: `*` any text, `?` one character, `[a-c]` one of a set, `[!…]` one of no set. */
export type Glob = readonly Part[];

export const ANYTHING: Glob = [{ kind: 'many' }];

/** Whether any text fits. */
export function isAnything(glob: Glob): boolean {
  return glob.length > 0 && glob.every((part) => part.kind === 'many');
}

/** Compiles letters; `stray` is called with the position of a `[` that nothing closes. */
export function compileGlob(letters: readonly Letter[], stray: (at: number) => void): Glob {
  const parts: Part[] = [];
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i];
    if (letter === undefined) break;
    if (letter.literal || !'*?['.includes(letter.char)) parts.push({ kind: 'char', char: letter.char });
    else if (letter.char === '*') parts.push({ kind: 'many' });
    else if (letter.char === '?') parts.push({ kind: 'one' });
    else {
      const close = closingBracket(letters, i);
      if (close < 0) stray(letter.at);
      else parts.push(compileSet(letters.slice(i + 1, close)));
      i = close < 0 ? i : close;
    }
  }
  return parts;
}

/** A `]` right after `[` or `[!` is a member, as in a shell. */
function closingBracket(letters: readonly Letter[], open: number): number {
  let from = open + 1;
  if (letters[from]?.char === '!') from++;
  return letters.findIndex((letter, i) => i > from && letter.char === ']' && !letter.literal);
}

function compileSet(inside: readonly Letter[]): Part {
  const negated = inside[0]?.char === '!' && !inside[0].literal;
  const members = negated ? inside.slice(1) : inside;
  const ranges: (readonly [string, string])[] = [];
  for (let i = 0; i < members.length; i++) {
    const from = members[i]?.char ?? '';
    const to = members[i + 2];
    const isRange = members[i + 1]?.char === '-' && to !== undefined;
    ranges.push([from, isRange ? to.char : from]);
    if (isRange) i += 2;
  }
  return { kind: 'set', ranges, negated };
}

/** Whether the whole text fits, case and all. Never more steps than length of text times length of glob. */
export function globMatches(glob: Glob, text: string): boolean {
  return matches(glob, Array.from(text), fits);
}

/**
 * Whether every text that fits `narrow` surely fits `wide`, seen part by part: `web-*` within `w*`, `a?` within `a*`.
 * False where that cannot be seen so, as of `[ab]` within `[a-c]`.
 */
export function globWithin(narrow: Glob, wide: Glob): boolean {
  return matches(wide, narrow, fitsPart);
}

function matches<T>(glob: Glob, all: readonly T[], fitsOne: (part: Part, one: T) => boolean): boolean {
  let at = 0;
  let part = 0;
  let star = -1;
  let starAt = 0;
  while (at < all.length) {
    const now = glob[part];
    if (now?.kind === 'many') {
      star = part++;
      starAt = at;
    } else if (now !== undefined && fitsOne(now, all[at] as T)) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  return glob.slice(part).every((rest) => rest.kind === 'many');
}

/** Whether whatever one part of a pattern stands for is one character that fits another. */
function fitsPart(wide: Part, narrow: Part): boolean {
  if (narrow.kind === 'char') return fits(wide, narrow.char);
  if (narrow.kind === 'many') return false;
  return wide.kind === 'one' || (wide.kind === 'set' && JSON.stringify(wide) === JSON.stringify(narrow));
}

function fits(part: Part, char: string): boolean {
  if (part.kind === 'char') return part.char === char;
  if (part.kind !== 'set') return part.kind === 'one';
  const code = char.codePointAt(0) ?? 0;
  const inside = part.ranges.some(
    ([from, to]) => code >= (from.codePointAt(0) ?? 0) && code <= (to.codePointAt(0) ?? 0),
  );
  return inside !== part.negated;
}
