import type { Clock } from '../clock.ts';
import type { GroupDiff, Plan, PlannedTarget, Target } from '../fleet/action.ts';
import { asValue, type Told, told } from '../fleet/said.ts';
import type { SentenceKey } from '../fleet/sentences.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import { inSlices } from './in-slices.ts';
import { leftAlone } from './left-alone.ts';

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

type Known = Extract<GroupDiff, { kind: 'known' }>;

/** `adds api, restarts web, removes old`; null when nothing differs. */
export function diffTold({ added, changed, removed }: Known): Told | null {
  const parts = [
    ['diff.adds', added],
    ['diff.restarts', changed],
    ['diff.removes', removed],
  ] as const satisfies readonly (readonly [SentenceKey, readonly string[]])[];
  return parts
    .filter(([, groups]) => groups.length > 0)
    .map(([key, groups]): Told => told(key, { groups: groups.join(' ') }))
    .reduce<Told | null>(
      (before, next) =>
        before === null ? next : told('diff.and', { first: asValue(before), second: asValue(next) }),
      null,
    );
}

/**
 * The plan of an update with what would change on each host. All are asked at once; one that does not tell in time
 * is unknown, and hosts where nothing has changed are left alone.
 */
export async function withDiffs(plan: Plan, ports: DiffPorts): Promise<Plan> {
  const asked: Promise<PlannedTarget & { readonly diff: GroupDiff }>[] = [];
  function* asking(): Generator<void, void> {
    for (const target of plan.targets) {
      asked.push(askDiff(target, ports).then((diff) => ({ ...target, diff })));
      yield;
    }
  }
  await inSlices(asking(), ports.clock);
  const targets = await Promise.all(asked);
  const isSame = ({ diff }: (typeof targets)[number]): boolean =>
    diff.kind === 'known' && diffTold(diff) === null;
  const left = targets.filter(isSame).map((target) => leftAlone(target, told('left.nothingNew')));
  const touched = targets.filter((target) => !isSame(target));
  return {
    ...plan,
    targets: touched,
    leftAlone: [...plan.leftAlone, ...left],
    hosts: [...new Set(touched.map(({ host }: PlannedTarget) => host))].sort(),
  };
}

function unknownDiff({ says, said }: Told): GroupDiff {
  return said === undefined ? { kind: 'unknown', reason: says } : { kind: 'unknown', reason: says, said };
}

function askDiff({ hostId }: Target, { clock, link, newId }: DiffPorts): Promise<GroupDiff> {
  const to = link(hostId);
  if (to === null) return Promise.resolve(unknownDiff(told('diff.notConnected')));
  return new Promise((done) => {
    const late = told('diff.late', { planMs: PLAN_MS });
    const cancel = clock.after(PLAN_MS, () => done(unknownDiff(late)));
    to.call({ id: newId(), method: 'supervisor.reloadConfig', params: [], deadlineMs: PLAN_MS })
      .then((value) => readDiff(value) ?? unknownDiff(told('diff.unreadable')))
      .catch((error: unknown): GroupDiff => {
        if (error instanceof LinkError) return unknownDiff(error.told);
        throw error;
      })
      .then(done)
      .finally(cancel);
  });
}
