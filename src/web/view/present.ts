import { actionPage, actionsPage } from './actions.ts';
import { alertsPage } from './alerts/alerts-page.ts';
import { groupPage } from './group.ts';
import { groupsPage } from './groups.ts';
import { hostPage } from './host.ts';
import { hostsPage } from './hosts.ts';
import { logsPage } from './logs.ts';
import { overviewPage } from './overview.ts';
import type { Asked, PageMaker, PageView } from './page.ts';
import { planPage } from './plan-page.ts';
import { processPage } from './process.ts';
import { processesPage } from './processes.ts';
import type { Reader } from './reader.ts';
import { schedulePage, schedulesPage } from './schedules/schedules-page.ts';
import { settingsPage } from './settings/settings.ts';
import type { World } from './world.ts';

/** First part of the path, number of parts behind it → page. */
const PAGES: Readonly<Record<string, PageMaker>> = {
  '/0': overviewPage,
  'processes/0': processesPage,
  'processes/2': processPage,
  'groups/0': groupsPage,
  'groups/1': groupPage,
  'hosts/0': hostsPage,
  'hosts/1': hostPage,
  'logs/0': logsPage,
  'actions/0': actionsPage,
  'actions/1': actionPage,
  'alerts/0': alertsPage,
  'schedules/0': schedulesPage,
  'schedules/1': schedulePage,
  'plan/0': planPage,
  'settings/0': settingsPage,
  'settings/1': settingsPage,
  'settings/2': settingsPage,
};

/** The page at a path (without the base path); null: there is no such page. */
export function present(
  path: string,
  world: World,
  reader: Reader,
  asked: Omit<Asked, 'parts'>,
): PageView | null {
  const [first = '', ...parts] = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(decoded);
  const key = `${first}/${parts.length}`;
  const make = Object.hasOwn(PAGES, key) ? PAGES[key] : undefined;
  return make === undefined ? null : make(world, reader, { ...asked, parts });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // not percent-encoded after all: then it names nothing, and the page says so
  }
}
