import { markWord } from './fleet-line.ts';
import { MARKS, type Mark } from './marks.ts';
import { FACETS, type Facet, linkOf, type Query, toggled } from './query.ts';
import type { Reader } from './reader.ts';
import { compareNames, type Member, type World } from './world.ts';

type Test = (member: Member) => boolean;

const VALUES: Record<Facet, (member: Member) => readonly string[]> = {
  state: (member) => member.counted,
  env: ({ host }) => [host.environment ?? ''],
  group: ({ process }) => [process.group],
  host: ({ host }) => [host.name],
  source: ({ host }) => [host.kind],
};

/** Words are all wanted; each may stand anywhere in host, name or last words. `-word` must not. */
export function textTest(text: string): Test {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = words.filter((word) => !word.startsWith('-') || word === '-');
  const unwanted = words.filter((word) => word.startsWith('-') && word !== '-').map((word) => word.slice(1));
  return ({ haystack }) =>
    wanted.every((word) => haystack.includes(word)) && !unwanted.some((word) => haystack.includes(word));
}

function facetTest(facet: Facet, values: readonly string[]): Test {
  if (values.length === 0) return () => true;
  const wanted = new Set(values);
  return (member) => VALUES[facet](member).some((value) => wanted.has(value));
}

export function matching(members: readonly Member[], query: Query): Member[] {
  const tests = [
    ...(query.text === '' ? [] : [textTest(query.text)]),
    ...FACETS.filter((facet) => query[facet].length > 0).map((facet) => facetTest(facet, query[facet])),
  ];
  return members.filter((member) => tests.every((test) => test(member)));
}

export interface FacetBlock {
  readonly facet: Facet;
  readonly label: string;
  readonly values: readonly FacetValue[];
  readonly more: number;
}

export interface FacetValue {
  readonly value: string;
  readonly word: string;
  readonly mark: Mark | null;
  readonly n: number;
  readonly ticked: boolean;
  readonly link: string;
}

const MOST = 14;

const made = new WeakMap<World, Map<string, FacetBlock[]>>();

/** Each facet with the counts it would give under all the other filters; kept per world and view. */
export function facets(world: World, query: Query, reader: Reader): FacetBlock[] {
  const known = made.get(world) ?? new Map<string, FacetBlock[]>();
  made.set(world, known);
  const key = `${reader.language} ${linkOf(query)}`;
  const blocks = known.get(key) ?? makeFacets(world, query, reader);
  known.set(key, blocks);
  return blocks;
}

function makeFacets(world: World, query: Query, reader: Reader): FacetBlock[] {
  return FACETS.map((facet) => {
    const others = matching(world.members, { ...query, [facet]: [] });
    const counts = new Map<string, number>(query[facet].map((value) => [value, 0]));
    for (const member of others)
      for (const value of VALUES[facet](member)) counts.set(value, (counts.get(value) ?? 0) + 1);
    const values = [...counts]
      .map(([value, n]) => facetValue(facet, value, n, query, reader))
      .sort(order(facet));
    const shown = values.filter((value, at) => at < MOST || value.ticked);
    return { facet, label: reader.say(LABELS[facet]), values: shown, more: values.length - shown.length };
  }).filter(
    ({ facet, values }) => facet === 'state' || values.length > 1 || values.some(({ ticked }) => ticked),
  );
}

const LABELS = {
  state: 'facet.state',
  env: 'facet.env',
  group: 'facet.group',
  host: 'facet.host',
  source: 'facet.source',
} as const;

function facetValue(facet: Facet, value: string, n: number, query: Query, reader: Reader): FacetValue {
  const mark = facet === 'state' ? (MARKS.find((one) => one === value) ?? null) : null;
  return {
    value,
    word: facetWord(facet, value, reader),
    mark,
    n,
    ticked: (query[facet] as readonly string[]).includes(value),
    link: linkOf(toggled(query, facet, value)),
  };
}

function facetWord(facet: Facet, value: string, reader: Reader): string {
  if (facet === 'source')
    return value === 'agent' ? reader.say('source.agent') : reader.say('source.supervisord');
  const mark = facet === 'state' ? MARKS.find((one) => one === value) : undefined;
  if (mark !== undefined) return markWord(mark, reader);
  return value === '' ? reader.say('env.none') : value;
}

const STATE_ORDER: readonly string[] = [
  'fatal',
  'backoff',
  'flapping',
  'crashed',
  'unknown',
  'stale',
  'starting',
  'stopping',
  'running',
  'exited',
  'stopped',
];

function order(facet: Facet): (a: FacetValue, b: FacetValue) => number {
  if (facet === 'state') return (a, b) => STATE_ORDER.indexOf(a.value) - STATE_ORDER.indexOf(b.value);
  if (facet === 'host') return (a, b) => compareNames(a.word, b.word);
  return (a, b) => b.n - a.n || compareNames(a.word, b.word);
}

/** The filter in the field, each part removable. */
export function chips(query: Query, reader: Reader): { text: string; link: string }[] {
  return FACETS.flatMap((facet) =>
    query[facet].map((value) => ({
      text: `${facet}=${facet === 'state' ? facetWord(facet, value, reader) : value}`,
      link: linkOf(toggled(query, facet, value)),
    })),
  );
}
