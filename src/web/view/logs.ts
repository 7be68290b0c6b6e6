import { linkTo } from './links.ts';
import type { PageMaker } from './page.ts';
import { compareNames, gathered, targetOf, type World } from './world.ts';

/** As many sources as one reader can follow at once. */
export const MOST_SOURCES = 8;

export const logsPage: PageMaker = (world, reader, { params }) => {
  const chosen = params.getAll('target').slice(0, MOST_SOURCES);
  return {
    nav: 'logs',
    title: reader.say('nav.logs'),
    found: true,
    side: {
      template: 'partials/sources',
      model: { hosts: sources(world, chosen), chosen: chosen.length, most: MOST_SOURCES },
    },
    main: { template: 'pages/logs', model: { targets: chosen, none: chosen.length === 0, n: chosen.length } },
  };
};

const MOST_LISTED = 400;

function sources(world: World, chosen: readonly string[]): unknown {
  const able = world.members
    .filter(({ mark, process }) => mark !== 'stale' && (process.hasStdout || process.hasStderr))
    .slice(0, MOST_LISTED);
  return [...gathered(able, ({ host }) => host.name)]
    .sort(([a], [b]) => compareNames(a, b))
    .map(([host, members], _at, all) => ({
      host,
      open: all.length <= 4 || chosen.some((target) => target.startsWith(`${host}/`)),
      processes: members
        .map((member) => {
          const target = targetOf(member);
          const at = chosen.indexOf(target);
          const next =
            at >= 0 ? chosen.filter((one) => one !== target) : [...chosen, target].slice(-MOST_SOURCES);
          return {
            name: `${member.process.group}:${member.process.name}`,
            mark: member.mark,
            colour: at < 0 ? null : at % 8,
            ticked: at >= 0,
            link: linkTo.logsOf(next),
            target,
          };
        })
        .sort((a, b) => compareNames(a.name, b.name)),
    }));
}
