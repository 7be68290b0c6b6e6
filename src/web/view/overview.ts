import { attention } from './attention.ts';
import { hourMinute } from './format.ts';
import { heaviest } from './heaviest.ts';
import { jobOf } from './jobs.ts';
import { latelyLines } from './lately.ts';
import { linkTo } from './links.ts';
import { hostMark, isTrouble, worstOf } from './marks.ts';
import { matrix } from './matrix.ts';
import type { PageMaker } from './page.ts';
import type { Reader } from './reader.ts';
import { tree } from './side.ts';
import type { World } from './world.ts';

export const overviewPage: PageMaker = (world, reader) => ({
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
      hours: troubleByHour(world, reader),
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

const CHART = { width: 960, height: 36, hours: 24 };
const BAD: ReadonlySet<string> = new Set(['crashed', 'backoff', 'fatal']);

/** Processes that crashed, backed off or gave up, hour by hour. */
function troubleByHour(world: World, reader: Reader): unknown {
  const hours = Array.from(
    { length: CHART.hours },
    (_, hour) => world.members.filter(({ process }) => BAD.has(process.beats[hour] ?? '')).length,
  );
  const peak = Math.max(...hours);
  const step = CHART.width / CHART.hours;
  const at = (hour: number): number => reader.nowMs - (CHART.hours - hour) * 3_600_000;
  return {
    peak:
      peak === 0
        ? reader.say('hours.none')
        : reader.say('hours.peak', { n: peak, time: hourMinute(at(hours.lastIndexOf(peak)), reader) }),
    bars: hours.map((n, hour) => {
      const height = n === 0 ? 2 : 4 + Math.round(((CHART.height - 4) * n) / peak);
      return {
        x: hour * step + 1,
        y: CHART.height - height,
        width: step - 3,
        height,
        kind: n === 0 ? 'none' : n === peak && peak > 1 ? 'peak' : 'some',
        title: `${hourMinute(at(hour), reader)}: ${n}`,
      };
    }),
    axis: [0, 6, 12, 18].map((hour) => hourMinute(at(hour), reader)),
  };
}
