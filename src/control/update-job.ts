import { FAULT_CODES, STOPPED_STATES } from '@fleetvisor/agent/protocol';
import type { GroupDiff, Outcome } from '../fleet/action.ts';
import { endedAs } from '../fleet/outcome.ts';
import type { ProcessView } from '../fleet/process.ts';
import { asValue, type Told, told } from '../fleet/said.ts';
import { diffTold, readDiff } from './group-diff.ts';
import { expectStarts, failureIn, processesOf } from './host-job.ts';
import { AWAY_MS, contact, type Job, type JobPorts, STALE_MS, untilContact, waitFor, whyNot } from './job.ts';
import { type Answer, sendOnce } from './send-once.ts';

type Known = Extract<GroupDiff, { kind: 'known' }>;

/**
 * Brings a host to its configuration as supervisorctl's update does: rereads it, then removes, restarts and adds the
 * groups that differ. Begun again after a restart of the hub it asks anew what still differs, and does only that.
 * Source: supervisor docs, supervisorctl "update".
 */
export async function runUpdate(job: Job, ports: JobPorts): Promise<Outcome> {
  const startedMs = ports.clock.uptimeMs();
  const away = await untilContact(job.target, ports);
  if (away !== null) return endedAs('unreachable', away);
  const calls = new Calls(job, ports);
  const reread = await calls.send('reread', 'supervisor.reloadConfig', []);
  const unread = failureIn(reread);
  if (unread !== null) return unread;
  const diff = reread.kind === 'taken' ? readDiff(reread.value) : null;
  if (diff === null) return endedAs('failed', told('diff.unreadable'));
  const failed = await bringTo(diff, calls, job, ports);
  if (failed !== null) return failed;
  const what = diffTold(diff) ?? told('diff.nothing');
  return { kind: 'done', state: 'RUNNING', tookMs: Math.round(ports.clock.uptimeMs() - startedMs), ...what };
}

async function bringTo(diff: Known, calls: Calls, job: Job, ports: JobPorts): Promise<Outcome | null> {
  for (const group of [...diff.removed, ...diff.changed]) {
    const failed = await removeGroup(group, calls, job, ports);
    if (failed !== null) return failed;
  }
  const fresh = [...diff.changed, ...diff.added];
  for (const group of fresh) {
    calls.tell(told('diff.adds', { groups: group }));
    const added = await calls.send(`add:${group}`, 'supervisor.addProcessGroup', [group]);
    const failed = unlessFault(added, FAULT_CODES.ALREADY_ADDED);
    if (failed !== null) return inGroup(group, failed);
  }
  if (fresh.length === 0) return null;
  expectStarts(job, ports);
  return untilStarted(new Set(fresh), job, ports);
}

async function removeGroup(group: string, calls: Calls, job: Job, ports: JobPorts): Promise<Outcome | null> {
  calls.tell(told('diff.stops', { groups: group }));
  const stopped = await calls.send(`stop:${group}`, 'supervisor.stopProcessGroup', [group, false]);
  const failed = unlessFault(stopped, FAULT_CODES.BAD_NAME) ?? (await untilStopped(group, job, ports));
  if (failed !== null) return inGroup(group, failed);
  for (;;) {
    const removed = await calls.send(`remove:${group}`, 'supervisor.removeProcessGroup', [group]);
    const still = removed.kind === 'error' && removed.error.faultCode === FAULT_CODES.STILL_RUNNING;
    if (!still) {
      const refused = unlessFault(removed, FAULT_CODES.BAD_NAME);
      return refused === null ? null : inGroup(group, refused);
    }
    // Refused, so nothing was done: asked again when it has been heard of once more.
    await new Promise<void>((resume) => ports.clock.after(1_000, resume));
    const gone = contact(job.target, ports);
    if (gone.kind === 'away') return inGroup(group, endedAs('unknown', gone));
  }
}

/** However long its processes take to stop. */
function untilStopped(group: string, job: Job, ports: JobPorts): Promise<Outcome | null> {
  return watchGroups(job, ports, () => {
    const members = processesOf(job, ports).filter((process) => process.group === group);
    return members.every(({ state }) => STOPPED_STATES.has(state)) ? 'over' : null;
  });
}

function untilStarted(groups: ReadonlySet<string>, job: Job, ports: JobPorts): Promise<Outcome | null> {
  const sinceMs = ports.clock.uptimeMs();
  let calmSinceMs: number | null = null;
  return watchGroups(job, ports, (nowMs): Outcome | 'over' | null => {
    const members = processesOf(job, ports).filter((process) => groups.has(process.group));
    const fatal = members.filter(({ state }) => state === 'FATAL');
    if (fatal.length > 0 && nowMs - sinceMs >= STALE_MS)
      return endedAs('failed', told('update.fatal', { names: namesOf(fatal) }));
    const moving = members.some(({ state }) => state === 'STARTING' || state === 'BACKOFF');
    if (moving) calmSinceMs = null;
    else calmSinceMs ??= nowMs;
    if (calmSinceMs === null || nowMs - sinceMs < STALE_MS) return null;
    return nowMs - calmSinceMs >= job.settleMs ? 'over' : null;
  });
}

async function watchGroups(
  job: Job,
  ports: JobPorts,
  look: (nowMs: number) => Outcome | 'over' | null,
): Promise<Outcome | null> {
  let awaySinceMs: number | null = null;
  const ended = await waitFor(job.target, ports, 500, (): Outcome | 'over' | null => {
    const nowMs = ports.clock.uptimeMs();
    const now = contact(job.target, ports);
    if (now.kind === 'there') {
      awaySinceMs = null;
      return look(nowMs);
    }
    awaySinceMs ??= nowMs;
    const why = asValue(whyNot(now));
    return nowMs - awaySinceMs < AWAY_MS ? null : endedAs('unknown', told('update.halfWay', { why }));
  });
  return ended === 'over' ? null : ended;
}

const namesOf = (processes: readonly ProcessView[]): string =>
  processes.map(({ group, name }) => `${group}:${name}`).join(' ');

function unlessFault(answer: Answer, harmless: number): Outcome | null {
  if (answer.kind === 'error' && answer.error.faultCode === harmless) return null;
  return failureIn(answer);
}

function inGroup(group: string, outcome: Outcome): Outcome {
  if (!('reason' in outcome)) return outcome;
  const { kind, reason, said: why } = outcome;
  return endedAs(kind, told('update.inGroup', { group, why: why ?? reason }));
}

/** The calls of one update, numbered, so that none is taken for one from before a restart of the hub. */
class Calls {
  readonly #job: Job;
  readonly #ports: JobPorts;
  readonly #attempt: number;
  readonly #sinceMs: number;
  #count = 0;

  constructor(job: Job, ports: JobPorts) {
    this.#job = job;
    this.#ports = ports;
    this.#attempt = (job.past?.attempt ?? 0) + 1;
    this.#sinceMs = ports.clock.wallMs();
  }

  tell(what: Told): void {
    this.#job.progress({ kind: 'working', state: 'RUNNING', sinceMs: this.#sinceMs, ...what });
  }

  send(step: string, method: string, params: readonly unknown[]): Promise<Answer> {
    const first = this.#count === 0 && this.#job.past === null;
    const name = `${++this.#count}:${step}`;
    const call = { step: name, method, params, attempt: this.#attempt, seen: null, first };
    return sendOnce(this.#job, call, this.#ports);
  }
}
