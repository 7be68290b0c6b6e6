import type { Clock } from '../clock.ts';
import type { GroupDiff, Plan, PlannedTarget, Target } from '../fleet/action.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';

/** How long the plan of an update waits for a host. */
const PLAN_MS = 4_000;

export interface DiffPorts {
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
  newId(): string;
}

/** `[[added, changed, removed]]` of `reloadConfig`; null for anything else. */
export function readDiff(value: unknown): Extract<GroupDiff, { kind: 'known' }> | null {
  const [lists] = Array.isArray(value) ? value : [];
  if (!Array.isArray(lists) || lists.length !== 3) return null;
  const [added, changed, removed] = lists.map((list: unknown) =>
    Array.isArray(list) ? list.map(String) : [],
  );
  return { kind: 'known', added: added ?? [], changed: changed ?? [], removed: removed ?? [] };
}

/** `adds api, restarts web, removes old`; empty when nothing differs. */
export function diffText({ added, changed, removed }: Extract<GroupDiff, { kind: 'known' }>): string {
  const parts: [string, readonly string[]][] = [
    ['adds', added],
    ['restarts', changed],
    ['removes', removed],
  ];
  return parts
    .filter(([, groups]) => groups.length > 0)
    .map(([does, groups]) => `${does} ${groups.join(' ')}`)
    .join(', ');
}

/**
 * The plan of an update with what would change on each host. All are asked at once; one that does not tell in time
 * is unknown, and hosts where nothing has changed are left alone.
 */
export async function withDiffs(plan: Plan, ports: DiffPorts): Promise<Plan> {
  const targets = await Promise.all(
    plan.targets.map(async (target) => ({ ...target, diff: await askDiff(target, ports) })),
  );
  const same = targets.filter(({ diff }) => diff.kind === 'known' && diffText(diff) === '');
  const left = same.map((target) => ({ ...target, reason: 'has nothing new in its configuration' }));
  const touched = targets.filter((target) => !same.includes(target));
  return {
    ...plan,
    targets: touched,
    leftAlone: [...plan.leftAlone, ...left],
    hosts: [...new Set(touched.map(({ host }: PlannedTarget) => host))].sort(),
  };
}

function askDiff({ hostId }: Target, { clock, link, newId }: DiffPorts): Promise<GroupDiff> {
  const to = link(hostId);
  if (to === null) return Promise.resolve({ kind: 'unknown', reason: 'is not connected' });
  return new Promise((done) => {
    const late = `did not tell within ${PLAN_MS / 1_000} s what has changed`;
    const cancel = clock.after(PLAN_MS, () => done({ kind: 'unknown', reason: late }));
    to.call({ id: newId(), method: 'supervisor.reloadConfig', params: [], deadlineMs: PLAN_MS })
      .then(
        (value) => readDiff(value) ?? { kind: 'unknown' as const, reason: 'gave an answer nobody can read' },
      )
      .catch((error: unknown): GroupDiff => {
        if (error instanceof LinkError) return { kind: 'unknown', reason: error.message };
        throw error;
      })
      .then(done)
      .finally(cancel);
  });
}
