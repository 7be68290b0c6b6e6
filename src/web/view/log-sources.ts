import { parseSelector, type Selector, selects } from '../../fleet/selector.ts';
import { compareNames, type Member, targetOf, type World } from './world.ts';

/**
 * The processes some targets name, each a selector or a `host/group:process`, sorted: as the hub reads them for a tail.
 * A text that is no selector names nothing; the hub says why when the tail is opened.
 */
export function membersNamed(world: World, targets: readonly string[]): Member[] {
  const byName = new Map(world.members.map((member) => [targetOf(member), member]));
  const names = new Set<string>();
  const selectors: Selector[] = [];
  for (const text of targets) {
    const parsed = byName.has(text) ? null : parseSelector(text);
    if (parsed === null) names.add(text);
    else if (parsed.ok) selectors.push(parsed.value);
  }
  return world.members
    .filter(
      (member) =>
        names.has(targetOf(member)) ||
        selectors.some((selector) =>
          selects(selector, {
            host: member.host,
            group: member.process.group,
            process: member.process.name,
          }),
        ),
    )
    .sort((a, b) => compareNames(targetOf(a), targetOf(b)));
}
