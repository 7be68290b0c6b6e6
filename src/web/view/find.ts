import type { Verb } from '../../fleet/action.ts';
import { linkTo } from './links.ts';
import { selectorOf } from './plan.ts';
import type { Reader } from './reader.ts';
import { compareNames, shortName, targetOf, type World } from './world.ts';

/** One thing the palette offers. */
export interface Found {
  readonly label: string;
  readonly place: string;
  readonly kind: string;
  readonly icon: string;
  readonly glyph: string;
  readonly link: string;
  readonly run: { readonly verb: Verb; readonly selector: string } | { readonly theme: true } | null;
}

const MOST = 14;

/** Parts of the settings, each for who may enter it. */
const SETTINGS = [
  ['you', 'user', null],
  ['people', 'users', 'manage-people'],
  ['audit', 'list-search', 'read-audit'],
  ['alerts', 'bell', 'manage-hosts'],
  ['hub', 'server-cog', 'manage-hub'],
] as const;

/** What fits a text, best first: verbs with what they would act on, then pages, groups, hosts, processes. */
export function find(text: string, world: World, reader: Reader): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (name: string): boolean => words.every((word) => name.toLowerCase().includes(word));
  return [
    ...verbs(text, world, reader),
    ...pages(reader).filter(({ label }) => fits(label)),
    ...places(world, reader, fits),
  ].slice(0, MOST);
}

const found = (label: string, kind: string, more: Partial<Found>): Found => ({
  label,
  kind,
  place: '',
  icon: '',
  glyph: '',
  link: '',
  run: null,
  ...more,
});

const VERBS = { start: 'player-play', restart: 'restart', stop: 'square' } as const;

/** `restart web`: groups of that name, then processes, then what was typed where it is a selector. */
function verbs(text: string, world: World, { say }: Reader): Found[] {
  const [, typed = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(text.trim()) ?? [];
  const verb = (Object.keys(VERBS) as (keyof typeof VERBS)[]).find(
    (one) => one === typed.toLowerCase() || say(`verb.${one}`) === typed,
  );
  if (verb === undefined) return [];
  const words = rest
    .replace(/^group\s+/, '')
    .toLowerCase()
    .split(/\s+/);
  const fits = (name: string): boolean => words.every((word) => name.toLowerCase().includes(word));
  const groups = [...world.byGroup.keys()].filter(fits).sort(compareNames);
  const processes = take(world.members, (member) => fits(targetOf(member)));
  const named = processes.map((member) => selectorOf([targetOf(member)]));
  const selectors = [
    ...groups.map((name) => `group ${name}`),
    ...named,
    ...(/[*:/#]/.test(rest) && !named.includes(rest) ? [rest] : []),
  ];
  return selectors.map((selector) =>
    found(say(`job.${verb}`, { what: selector }), say('find.run'), {
      icon: VERBS[verb],
      run: { verb, selector },
    }),
  );
}

/** No more than are shown: of 10,000 the rest is not looked at. */
function take<T>(items: readonly T[], fits: (item: T) => boolean): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length >= MOST) break;
    if (fits(item)) taken.push(item);
  }
  return taken;
}

function pages(reader: Reader): Found[] {
  const { say } = reader;
  const settings = SETTINGS.filter(([, , right]) => right === null || reader.may(right)).map(([part, icon]) =>
    found(`${say('nav.settings')}: ${say(`settings.${part}`)}`, say('find.page'), {
      icon,
      link: `/settings/${part}`,
    }),
  );
  const keys = [
    'overview',
    'processes',
    'groups',
    'hosts',
    'logs',
    'actions',
    'schedules',
    'alerts',
  ] as const;
  const theme = found(say('find.theme'), say('find.run'), { icon: 'moon', run: { theme: true } });
  return [
    ...keys.map((key) =>
      found(say(`nav.${key}`), say('find.page'), { icon: 'layout-dashboard', link: linkTo[key] }),
    ),
    ...settings,
    theme,
  ];
}

function places(world: World, { say }: Reader, fits: (name: string) => boolean): Found[] {
  const groups = [...world.byGroup]
    .filter(([name]) => fits(name))
    .map(([name, members]) =>
      found(name, say('find.group'), {
        icon: 'packages',
        link: linkTo.group(name),
        place: say('count.processes', { n: members.length }),
      }),
    );
  const hosts = world.hosts
    .filter(({ name }) => fits(name))
    .map((host) =>
      found(host.name, say('find.host'), {
        icon: 'server-2',
        link: linkTo.host(host),
        place: host.environment ?? '',
      }),
    );
  const processes = take(world.members, (member) => fits(targetOf(member))).map((member) =>
    found(shortName(member.process), say('find.process'), {
      glyph: member.mark,
      link: linkTo.process(member),
      place: member.host.name,
    }),
  );
  return [...groups, ...hosts, ...processes];
}
