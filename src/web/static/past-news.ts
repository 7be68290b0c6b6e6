import { processPath } from '../view/reads.ts';
import { targetOf, type World } from '../view/world.ts';
import { stale } from './asked.ts';
import { afterDraw, path } from './screen.ts';

/** The hub writes what happened in batches: a little later it is there to be read. */
const WRITTEN_MS = 250;

/** What the page is about, as it is now, and what was read of it. */
interface About {
  readonly now: string;
  readonly reads: readonly string[];
}

let shown = '';
let before: string | null = null;

/** When the process, host or group of the page changes, its past is read anew at once. */
afterDraw((world) => {
  const page = path();
  const about = aboutOf(page.split('/').slice(1).map(decoded), world);
  if (page === shown && about !== null && before !== about.now)
    setTimeout(() => stale(...about.reads), WRITTEN_MS);
  shown = page;
  before = about?.now ?? null;
});

function aboutOf([kind, first = '', second = '']: readonly string[], world: World): About | null {
  if (kind === 'processes') {
    const member = world.members.find((one) => targetOf(one) === `${first}/${second}`);
    if (member === undefined) return null;
    const { group, name, state, pid, sinceMs, crash } = member.process;
    const read = processPath({ host: first, group, process: name });
    return { now: `${state} ${pid} ${sinceMs} ${crash?.atMs}`, reads: [read] };
  }
  if (kind === 'hosts') {
    const host = world.hosts.find(({ name }) => name === first);
    const reads = [`/hosts/${encodeURIComponent(first)}/`, '/events'];
    return host === undefined ? null : { now: `${host.reachability.kind} ${host.processCount}`, reads };
  }
  if (kind !== 'groups') return null;
  const members = world.byGroup.get(first) ?? [];
  return { now: members.map(({ process }) => `${process.state} ${process.pid}`).join(), reads: ['/events'] };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // then it names nothing here
  }
}
