import { alertReads } from './alerts/reads.ts';
import { type FleetLine, fleetLine } from './fleet-line.ts';
import { type Job, jobOf } from './jobs.ts';
import type { NavKey } from './links.ts';
import { type Get, mapLoaded } from './loaded.ts';
import type { Reader } from './reader.ts';
import { firstLink } from './saved-views.ts';
import type { World } from './world.ts';

/** What stands round every page. */
export interface Shell {
  readonly title: string;
  readonly nav: readonly NavEntry[];
  readonly bottom: readonly NavEntry[];
  readonly line: FleetLine;
  readonly jobs: readonly Job[];
  /** The running action in the pill; null: none, the pill is not drawn. */
  readonly pill: Job | null;
  readonly morePills: number;
  readonly user: string;
  readonly inSettings: boolean;
  readonly initials: string;
  readonly role: string;
}

export interface NavEntry {
  readonly key: NavKey | 'more';
  readonly link: string;
  readonly label: string;
  readonly icon: string;
  readonly current: boolean;
  readonly n: number;
}

const PAGES: readonly (readonly [key: NavKey, link: string, icon: string])[] = [
  ['overview', '/', 'layout-dashboard'],
  ['processes', '/processes', 'list-details'],
  ['groups', '/groups', 'packages'],
  ['hosts', '/hosts', 'server-2'],
  ['logs', '/logs', 'list'],
  ['actions', '/actions', 'history'],
  ['alerts', '/alerts', 'bell'],
];
const ON_PHONE: ReadonlySet<NavKey> = new Set(['overview', 'processes', 'hosts', 'logs']);

export function shell(
  world: World,
  reader: Reader,
  { nav: current, title }: { readonly nav: NavKey; readonly title: string },
  get: Get,
): Shell {
  const jobs = world.fleet.actions.slice(0, 10).map((action) => jobOf(action, reader));
  const running = jobs.filter((job) => job.running);
  const alerts = mapLoaded(get(alertReads.counts()), ({ counts }) => counts.open, 0);
  const counts: Partial<Record<NavKey, number>> = { actions: running.length, alerts };
  const nav = PAGES.map(([key, link, icon]) => ({
    key,
    link: key === 'processes' || key === 'logs' ? firstLink(key, get) : link,
    icon,
    label: reader.say(`nav.${key}`),
    current: key === current,
    n: counts[key] ?? 0,
  }));
  return {
    title,
    nav,
    bottom: [
      ...nav.filter(({ key }) => ON_PHONE.has(key)),
      {
        key: 'more',
        link: '/settings/you',
        icon: 'menu-2',
        label: reader.say('nav.more'),
        current: !ON_PHONE.has(current),
        n: running.length + alerts,
      },
    ],
    line: fleetLine(world, reader),
    jobs,
    pill: running[0] ?? null,
    morePills: Math.max(0, running.length - 1),
    user: reader.user,
    inSettings: current === 'settings',
    initials: reader.user.slice(0, 2).toUpperCase(),
    role: reader.say(`role.${reader.role}`),
  };
}

/** `(2) Overview`: how much is FATAL or lost, for the tab. */
export function tabTitle(title: string, line: FleetLine): string {
  const n = line.cells
    .filter(({ mark }) => mark === 'fatal' || mark === 'unreachable')
    .reduce((sum, cell) => sum + cell.n, 0);
  return `${n > 0 ? `(${n}) ` : ''}${title} · Fleetvisor`;
}
