import { typedName } from './split-line.ts';
import type { Verb } from './verb.ts';

/** A process as completion needs it. */
export interface KnownProcess {
  readonly group: string;
  readonly name: string;
}

/**
 * What the last word of a line may become, in full and without the blank that follows it; `fragment` is that
 * word so far. `fetch` is asked only where process names are wanted. Contract: CTL-092 to CTL-094.
 */
export async function completeLine(
  line: string,
  verbs: readonly Verb[],
  fetch: () => Promise<readonly KnownProcess[]>,
): Promise<{ readonly fragment: string; readonly words: readonly string[] }> {
  const fragment = /(?:\\ |\S)*$/.exec(line)?.[0] ?? '';
  const [first = ''] = line.trimStart().split(/\s/, 1);
  const onFirst = line.trimStart() === fragment;
  const wanted = onFirst ? 'verbs' : (verbs.find(({ name }) => name === first)?.completes ?? 'none');
  const words = await candidates(wanted, fragment, verbs, fetch);
  return { fragment, words: words.filter((word) => word.startsWith(fragment)) };
}

async function candidates(
  wanted: Verb['completes'],
  fragment: string,
  verbs: readonly Verb[],
  fetch: () => Promise<readonly KnownProcess[]>,
): Promise<readonly string[]> {
  switch (wanted) {
    case 'verbs':
      return verbs.filter(({ unlisted, name }) => !unlisted || name === 'help').map(({ name }) => name);
    case 'groups':
      return [...new Set((await fetch()).map(({ group }) => typedName(group)))];
    case 'processes':
      return processNames(await fetch(), fragment);
    default:
      return [];
  }
}

/** A process alone in its group goes by the short name until somebody types a colon. */
function processNames(processes: readonly KnownProcess[], fragment: string): readonly string[] {
  const names = new Set<string>();
  for (const { group, name } of processes) {
    if (name === group && !fragment.includes(':')) names.add(name);
    else names.add(`${group}:${name}`).add(`${group}:*`);
  }
  return [...names].map(typedName);
}
