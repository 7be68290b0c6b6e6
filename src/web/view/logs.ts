import { linkTo } from './links.ts';
import { membersNamed } from './log-sources.ts';
import { type LogState, logLink, logStateOf, type Stream } from './log-state.ts';
import { isTrouble } from './marks.ts';
import type { PageMaker } from './page.ts';
import type { Reader } from './reader.ts';
import { compareNames, gathered, type Member, shortName, targetOf, type World } from './world.ts';

/** As many processes as one page can follow, both streams of each. */
export const MOST_SOURCES = 50;

export const logsPage: PageMaker = (world, reader, { params }) => {
  const state = logStateOf(params);
  const named = membersNamed(world, state.targets);
  const isChosen = state.targets.length > 0;
  return {
    nav: 'logs',
    title: reader.say('nav.logs'),
    found: true,
    side: {
      template: 'partials/sources',
      model: {
        isChosen,
        hosts: isChosen ? sources(named, state) : [],
        streams: isChosen ? streams(state, reader) : [],
        nobody: isChosen && named.length === 0,
        groups: isChosen ? [] : groups(world),
        others: others(world, state, named),
      },
    },
    main: {
      template: 'pages/logs',
      model: {
        targets: state.targets,
        none: !isChosen,
        n: named.length - state.off.length,
        all: named.length,
        quick: isChosen ? [] : groups(world).slice(0, 12),
      },
    },
  };
};

/** What is named, host by host, each with a tick, its colour and what it writes. */
function sources(named: readonly Member[], state: LogState): unknown {
  const off = new Set(state.off);
  const colours = new Map(named.map((member, at) => [targetOf(member), at % 8]));
  return [...gathered(named, ({ host }) => host.name)].map(([host, members]) => {
    const names = members.map(targetOf);
    const left = names.filter((name) => off.has(name));
    return {
      host,
      trouble: members.filter(({ mark }) => isTrouble(mark)).length,
      mark: members.map(({ mark }) => mark).find(isTrouble) ?? null,
      link: logLink({
        ...state,
        off: left.length > 0 ? state.off.filter((one) => !names.includes(one)) : [...state.off, ...names],
      }),
      processes: members.map((member) => {
        const target = targetOf(member);
        const ticked = !off.has(target);
        return {
          target,
          name: nameIn(member, members),
          ticked,
          colour: colours.get(target),
          link: logLink({
            ...state,
            off: ticked ? [...state.off, target] : state.off.filter((one) => one !== target),
          }),
        };
      }),
    };
  });
}

/** `gunicorn_00` where all are of one group, else `web:gunicorn_00`. */
function nameIn({ process }: Member, all: readonly Member[]): string {
  const same = all.every((one) => one.process.group === process.group);
  return same ? process.name : shortName(process);
}

function streams(state: LogState, { say }: Reader): unknown {
  return (['stdout', 'stderr'] as const).map((stream) => {
    const other: Stream = stream === 'stdout' ? 'stderr' : 'stdout';
    const ticked = state.stream !== other;
    return {
      stream,
      label: say(`log.${stream}`),
      ticked,
      link: logLink({ ...state, stream: ticked ? other : 'both' }),
    };
  });
}

function groups(world: World): { name: string; n: number; link: string }[] {
  return [...world.byGroup]
    .map(([name, members]) => ({ name, n: members.length, link: linkTo.logsOf([selectorOfGroup(name)]) }))
    .filter(({ n }) => n > 1)
    .sort((a, b) => b.n - a.n || compareNames(a.name, b.name));
}

const selectorOfGroup = (name: string): string =>
  /^[\w.-]+$/.test(name) ? `${name}:*` : `"${name.replaceAll(/["\\]/g, '\\$&')}":*`;

const MOST_LISTED = 400;

/** What could be added, host by host. */
function others(world: World, state: LogState, named: readonly Member[]): unknown {
  const known = new Set(named);
  const able = world.members
    .filter((member) => !known.has(member) && member.mark !== 'stale')
    .filter(({ process }) => process.hasStdout || process.hasStderr)
    .slice(0, MOST_LISTED);
  return [...gathered(able, ({ host }) => host.name)]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([host, members], _at, all) => ({
      host,
      open: state.targets.length === 0 && all.length <= 4,
      link: logLink({ ...state, targets: [...state.targets, `${host}/*:*`] }),
      processes: members
        .map((member) => ({
          target: targetOf(member),
          name: shortName(member.process),
          link: logLink({ ...state, targets: [...state.targets, targetOf(member)] }),
        }))
        .sort((a, b) => compareNames(a.name, b.name)),
    }));
}
