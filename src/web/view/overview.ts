import { attention } from './attention.ts';
import { heaviest } from './heaviest.ts';
import { jobOf } from './jobs.ts';
import { latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import { hostMark, isTrouble, worstOf } from './marks.ts';
import { matrix } from './matrix.ts';
import type { PageMaker } from './page.ts';
import type { Reader } from './reader.ts';
import { hereOf, reads } from './reads.ts';
import { restartBars } from './restart-bars.ts';
import { tree } from './side.ts';
import type { World } from './world.ts';

export const overviewPage: PageMaker = (world, reader, { get }) => ({
  nav: 'overview',
  title: reader.say('nav.overview'),
  found: true,
  side: { template: 'partials/tree', model: tree(world, reader, { all: true }) },
  main: {
    template: 'pages/overview',
    model: {
      empty: world.hosts.length === 0,
      attention: attention(world, reader),
      matrix: matrix(world, reader),
      tiles: tiles(world),
      hostTotal: world.hosts.length,
      running: world.fleet.actions
        .filter(({ finishedAtMs }) => finishedAtMs === null)
        .slice(0, 3)
        .map((action) => jobOf(action, reader)),
      lastJob: lastJob(world, reader),
      lately: latelyLines(world.fleet.lately, world.fleet.actions, reader, 9),
      restarts: restartBars(hereOf(get(reads.restarts())), reader),
      heaviest: world.hosts.length > FEW_HOSTS ? null : heaviest(world, reader),
    },
  },
});

function lastJob(world: World, reader: Reader): unknown {
  const last = world.fleet.actions.find(({ finishedAtMs }) => finishedAtMs !== null);
  return last === undefined ? null : jobOf(last, reader);
}

/** Up to so many hosts leave room for more on the page. */
const FEW_HOSTS = 10;

/** Hosts on a phone, three to a line. */
function tiles(world: World): unknown {
  return world.hosts.slice(0, 60).map((host) => {
    const members = world.byHost.get(host.id) ?? [];
    const worst = worstOf(members.map(({ mark }) => mark));
    const reach = hostMark(host);
    return {
      key: host.id,
      name: host.name,
      link: linkTo.host(host),
      n: members.length,
      mark: reach === 'running' && isTrouble(worst) ? worst : reach,
    };
  });
}
