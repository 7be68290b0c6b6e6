import type { Verb } from '../../fleet/action.ts';
import { linkTo } from './links.ts';
import type { Reader } from './reader.ts';
import { compareNames, type World } from './world.ts';

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

function verbs(text: string, world: World, { say }: Reader): Found[] {
  const [, verb, rest = ''] = /^(start|stop|restart)\s+(.*)$/i.exec(text.trim()) ?? [];
  const known = (['start', 'stop', 'restart'] as const).find((one) => one === verb?.toLowerCase());
  if (known === undefined) return [];
  const wanted = rest.replace(/^group\s+/, '').toLowerCase();
  const groups = [...world.byGroup.keys()]
    .filter((name) => name.toLowerCase().includes(wanted))
    .sort(compareNames);
  const icon = known === 'start' ? 'player-play' : known === 'stop' ? 'square' : 'restart';
  const selectors = [...groups.map((name) => `group ${name}`), ...(/[*:/#]/.test(rest) ? [rest] : [])];
  return selectors.map((selector) =>
    found(say(`job.${known}`, { what: selector }), say('find.run'), { icon, run: { verb: known, selector } }),
  );
}

function pages(reader: Reader): Found[] {
  const { say } = reader;
  const settings = SETTINGS.filter(([, , right]) => right === null || reader.may(right)).map(([part, icon]) =>
    found(`${say('nav.settings')}: ${say(`settings.${part}`)}`, say('find.page'), {
      icon,
      link: `/settings/${part}`,
    }),
  );
  const keys = ['overview', 'processes', 'groups', 'hosts', 'logs', 'actions', 'alerts'] as const;
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
  const processes: Found[] = [];
  for (const member of world.members) {
    if (processes.length >= MOST) break;
    const name = `${member.process.group}:${member.process.name}`;
    if (fits(`${member.host.name} ${name}`))
      processes.push(
        found(name, say('find.process'), {
          glyph: member.mark,
          link: linkTo.process(member),
          place: member.host.name,
        }),
      );
  }
  return [...groups, ...hosts, ...processes];
}
