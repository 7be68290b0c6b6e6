import { type Right, rightsOfRole } from '../../../accounts/rights.ts';
import type { GrantView, Role } from '../../../api/contract.ts';
import type { MessageKey } from '../../messages/en.ts';
import type { Reader } from '../reader.ts';

/** Where a scope of the simple forms counts; null: it takes the whole selector to say. */
export interface SimplePlace {
  readonly kind: 'everything' | 'environment' | 'tag' | 'host' | 'group';
  readonly name: string;
  /** Also narrowed to a group. */
  readonly group: string;
}

const NAME = '[^\\s,/#=:"\\\\]+';
const FORMS: readonly (readonly [RegExp, SimplePlace['kind']])[] = [
  [/^\*(?:\/\*|:\*)?$/, 'everything'],
  [new RegExp(`^env=(${NAME})/(?:\\*|(${NAME}):\\*?)$`), 'environment'],
  [new RegExp(`^#(${NAME})/(?:\\*|(${NAME}):\\*?)$`), 'tag'],
  [new RegExp(`^(?:group )?(${NAME}):\\*?$`), 'group'],
  [new RegExp(`^(${NAME})/(?:\\*|(${NAME}):\\*?)$`), 'host'],
];

export function placeIn(scope: string): SimplePlace | null {
  for (const [form, kind] of FORMS) {
    const found = form.exec(scope.trim());
    if (found !== null) return { kind, name: found[1] ?? '', group: found[2] ?? '' };
  }
  const named = /^group (\S+)$/.exec(scope.trim())?.[1];
  return named === undefined ? null : { kind: 'group', name: named, group: '' };
}

/** The selector text of a simple place. */
export function scopeOfPlace({ kind, name, group }: SimplePlace): string {
  const what = group === '' ? '*' : `${group}:*`;
  if (kind === 'everything') return '*';
  if (kind === 'group') return `${name}:*`;
  return `${kind === 'environment' ? 'env=' : kind === 'tag' ? '#' : ''}${name}/${what}`;
}

/** `operator of web in stage, viewer elsewhere` */
export function grantsInWords(grants: readonly GrantView[], { say }: Pick<Reader, 'say'>): string {
  const narrowFirst = [...grants].sort((a, b) => Number(isEverything(a)) - Number(isEverything(b)));
  return narrowFirst
    .map((grant, at) => {
      const role = say(`role.${grant.role}`);
      const where = isEverything(grant)
        ? say(at === 0 ? 'grant.everywhere' : 'grant.elsewhere', { role })
        : say('grant.place', { role, place: placeWords(grant.scope, say) });
      const out = leftOut(grant).map((right) => say(RIGHT_NAMES[right] ?? 'right.act'));
      return out.length === 0 ? where : say('grant.without', { grant: where, rights: out.join(', ') });
    })
    .join(say('grant.join'));
}

function isEverything({ scope }: GrantView): boolean {
  return placeIn(scope)?.kind === 'everything';
}

function placeWords(scope: string, say: Reader['say']): string {
  const place = placeIn(scope);
  if (place === null || place.kind === 'everything') return say('grant.of', { what: scope });
  const of = place.group === '' ? '' : say('grant.of', { what: place.group });
  const where =
    place.kind === 'group'
      ? say('grant.of', { what: place.name })
      : say(PLACE_WORDS[place.kind], { name: place.name });
  return [of, where].filter(Boolean).join(say('grant.space'));
}

const PLACE_WORDS = {
  environment: 'grant.inEnvironment',
  tag: 'grant.onTag',
  host: 'grant.onHost',
} as const;

/** Rights that a grant can leave out of its role, by name. */
export const RIGHT_NAMES: Readonly<Partial<Record<Right, MessageKey>>> = {
  'read-logs': 'right.read-logs',
  act: 'right.act',
  'send-input': 'right.send-input',
  'restart-supervisors': 'right.restart-supervisors',
  'end-supervisors': 'right.end-supervisors',
};

export const separateRights = (role: Role): readonly Right[] =>
  rightsOfRole(role).filter((right) => RIGHT_NAMES[right] !== undefined);

export function leftOut({ role, rights }: GrantView): readonly Right[] {
  return rights === undefined ? [] : separateRights(role).filter((right) => !rights.includes(right));
}
