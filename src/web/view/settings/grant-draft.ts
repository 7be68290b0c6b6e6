import type { Right } from '../../../accounts/rights.ts';
import { rightsOfRole } from '../../../accounts/rights.ts';
import type { GrantView, Role } from '../../../api/contract.ts';
import type { Reader } from '../reader.ts';
import { compareNames, type World } from '../world.ts';
import { coveredBy } from './covered.ts';
import { leftOut, placeIn, RIGHT_NAMES, scopeOfPlace, separateRights } from './grant-words.ts';

export const WHERES = ['everything', 'environment', 'tag', 'host', 'group', 'raw'] as const;
export type DraftWhere = (typeof WHERES)[number];

/** A grant while somebody works on it: as picked, not yet as a selector. */
export interface GrantDraft {
  readonly role: Role;
  readonly where: DraftWhere;
  /** Environment, tag, host pattern, group, or the whole selector. */
  readonly name: string;
  /** Narrows an environment, tag or host pattern to one group. */
  readonly group: string;
  readonly out: readonly Right[];
}

export const FIRST_DRAFT: GrantDraft = { role: 'viewer', where: 'everything', name: '', group: '', out: [] };

export function draftOf(grant: GrantView): GrantDraft {
  const place = placeIn(grant.scope);
  const at =
    place === null
      ? { where: 'raw' as const, name: grant.scope, group: '' }
      : { ...place, where: place.kind };
  return { role: grant.role, where: at.where, name: at.name, group: at.group, out: leftOut(grant) };
}

/** The scope a draft stands for; empty while its name is not picked yet. */
export function scopeOfDraft({ where, name, group }: GrantDraft): string {
  if (where === 'everything') return '*';
  const named = name.trim();
  if (named === '' || where === 'raw') return named;
  return scopeOfPlace({ kind: where, name: named, group: where === 'group' ? '' : group.trim() });
}

export function grantOfDraft(draft: GrantDraft): GrantView {
  const out = draft.out.filter((right) => separateRights(draft.role).includes(right));
  const grant = { role: draft.role, scope: scopeOfDraft(draft) };
  return out.length === 0
    ? grant
    : { ...grant, rights: rightsOfRole(draft.role).filter((right) => !out.includes(right)) };
}

/** The drafts as their sheet shows them, each with what it covers on the fleet now. */
export function draftViews(drafts: readonly GrantDraft[], world: World, reader: Reader): readonly object[] {
  const { say } = reader;
  return drafts.map((draft, at) => {
    const scope = scopeOfDraft(draft);
    const covered = scope === '' ? { ok: true, says: '' } : coveredBy(scope, world, reader);
    return {
      at,
      where: draft.where,
      words: `${say(`role.${draft.role}`)} ${say(`grant.${draft.where}`)}`,
      roles: (['viewer', 'operator', 'admin'] as const).map((value) => ({
        value,
        text: say(`role.${value}`),
        on: value === draft.role,
      })),
      places: WHERES.map((value) => ({ value, text: say(`grant.${value}`), on: value === draft.where })),
      named: draft.where !== 'everything',
      raw: draft.where === 'raw',
      groupable: draft.where === 'environment' || draft.where === 'tag' || draft.where === 'host',
      name: draft.name,
      group: draft.group,
      hint: draft.where === 'everything' ? '' : say(`grant.hint.${draft.where}`),
      rights: separateRights(draft.role).map((right) => ({
        right,
        label: say(RIGHT_NAMES[right] ?? 'right.act'),
        on: !draft.out.includes(right),
      })),
      scope,
      ok: covered.ok,
      says: covered.says,
      removable: drafts.length > 1,
    };
  });
}

/** Names to pick from, by kind of place. */
export function namesToPick(
  world: World,
): readonly { readonly kind: string; readonly names: readonly string[] }[] {
  const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort(compareNames);
  return [
    { kind: 'environment', names: sorted(world.hosts.flatMap(({ environment }) => environment ?? [])) },
    { kind: 'tag', names: sorted(world.hosts.flatMap(({ tags }) => tags)) },
    { kind: 'host', names: sorted(world.hosts.map(({ name }) => name)) },
    { kind: 'group', names: sorted(world.byGroup.keys()) },
  ];
}
