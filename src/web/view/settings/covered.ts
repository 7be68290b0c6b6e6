import { parseSelector, selects } from '../../../fleet/selector.ts';
import { faultWords } from '../problem-words.ts';
import type { Reader } from '../reader.ts';
import type { World } from '../world.ts';

/** What a scope names on the fleet as it is now, or what is wrong with its text. */
export function coveredBy(
  scope: string,
  world: World,
  { say, language }: Pick<Reader, 'say' | 'language'>,
): { readonly ok: boolean; readonly says: string } {
  const parsed = parseSelector(scope);
  if (!parsed.ok) {
    const [problem] = parsed.problems;
    return { ok: false, says: faultWords(problem, language) };
  }
  const covered = world.members.filter(({ host, process }) =>
    selects(parsed.value, { host, group: process.group, process: process.name }),
  );
  if (covered.length === 0) return { ok: true, says: say('grant.coversNone') };
  const hosts = say('count.hosts', { n: new Set(covered.map(({ host }) => host.id)).size });
  return { ok: true, says: say('grant.covers', { n: covered.length, hosts }) };
}
