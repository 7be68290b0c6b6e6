import type { Accounts } from '../accounts/accounts.ts';
import type { AuditTrail } from '../accounts/audit-trail.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { ActionRunner } from '../control/action-runner.ts';
import type { PlanPorts } from '../control/plan-asked.ts';
import { Subscribers } from '../control/subscribers.ts';
import type { ActionHead, ActionTarget, Plan } from '../fleet/action.ts';
import { type Told, told } from '../fleet/said.ts';
import type { Schedule, ScheduleRun } from '../fleet/schedule.ts';
import type { Schedules, StoredSchedule } from '../store/schedules.ts';
import { isNotWritten } from '../store/store-problem.ts';
import { type CronTimes, cronTimes, lastTime } from './cron.ts';
import { type Due, dueNow, IN_TIME_MS } from './due.ts';
import { planRun } from './plan-run.ts';

export interface SchedulerPorts extends Pick<PlanPorts, 'fleet' | 'settings'> {
  readonly schedules: Schedules;
  readonly actions: ActionRunner;
  readonly accounts: Pick<Accounts, 'owner'>;
  readonly audit: Pick<AuditTrail, 'begin' | 'end' | 'refused'>;
  readonly clock: Clock;
  readonly bug: (error: unknown) => void;
}

/** The wall clock may be set meanwhile: never sleep longer. */
const LOOK_EVERY_MS = 30_000;
/** While something could not be written, or hosts are still being connected to. */
const AGAIN_MS = 1_000;
/** Hosts that were not heard of by then are away. */
const CONNECTED_WITHIN_MS = 30_000;

/** How runs ended since the hub started. */
export type RunCounts = Readonly<Record<'done' | 'failed' | 'skipped', number>>;

/**
 * Begins what schedules are due to do. A run is a row before anything of it is begun, one for each time, and its action
 * has a key made of that row: so nothing is done twice, and what was not done has a row that says why.
 */
export class Scheduler {
  /** Something about schedules or their runs is other than it was. */
  readonly changes: Subscribers<void>;
  readonly counts = { done: 0, failed: 0, skipped: 0 };
  readonly #ports: SchedulerPorts;
  /** Runs that are being planned. */
  readonly #beginning = new Set<number>();
  #openedMs = 0;
  #isClosed = false;
  #cancel: Cancel = () => {};
  #forget: () => void = () => {};

  constructor(ports: SchedulerPorts) {
    this.#ports = ports;
    this.changes = new Subscribers(ports.bug);
  }

  /** To be called once actions have been resumed. */
  open(): void {
    const { clock, actions } = this.#ports;
    this.#openedMs = clock.uptimeMs();
    this.#forget = actions.changes.add(({ schedule, finishedAtMs }) => {
      if (schedule !== undefined && finishedAtMs !== null) this.#settle();
    });
    this.#look();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
    this.#forget();
  }

  /** To be called when schedules were written to. */
  changed(): void {
    this.changes.tell();
    this.#look();
  }

  /** When it is due next; null: it is paused, or never. */
  nextMs({ enabled, cron, timeZone }: Schedule): number | null {
    const times = enabled ? cronTimes(cron, timeZone) : null;
    return times?.ok ? times.value.after(this.#ports.clock.wallMs()) : null;
  }

  /** Runs it at once, in its owner's rights, because somebody asks for it. */
  async runNow(stored: StoredSchedule, askedBy: string): Promise<ScheduleRun> {
    const { schedules, clock } = this.#ports;
    const nowMs = clock.wallMs();
    const isBusy = this.#isBusy(stored.schedule.id);
    const run = schedules.addRun({
      scheduleId: stored.schedule.id,
      dueAtMs: nowMs,
      cause: 'hand',
      state: isBusy ? 'skipped' : 'beginning',
      nowMs,
      askedBy,
      ...(isBusy ? { why: told('schedule.overlaps') } : {}),
    });
    if (run === null) throw new Error('a run by hand was taken for one that is there');
    if (!isBusy) await this.#begin(stored, run);
    else this.#over(stored.schedule, 'skipped', told('schedule.overlaps'));
    this.changes.tell();
    return schedules.runById(run.id) ?? run;
  }

  #look(): void {
    let waitMs = AGAIN_MS;
    try {
      waitMs = this.#isReady() ? this.#round() : AGAIN_MS;
    } catch (error) {
      this.#ports.bug(error); // nothing is forgotten: what was not written is due still
    }
    this.#lookIn(waitMs);
  }

  #lookIn(ms: number): void {
    this.#cancel();
    if (!this.#isClosed) this.#cancel = this.#ports.clock.after(ms, () => this.#look());
  }

  /** A hub that has just started knows nothing yet of what runs where. */
  #isReady(): boolean {
    const { clock, fleet } = this.#ports;
    if (clock.uptimeMs() - this.#openedMs >= CONNECTED_WITHIN_MS) return true;
    return fleet.hosts().every(({ reachability }) => reachability.kind !== 'connecting');
  }

  /** Does what is due, and returns how long to sleep. */
  #round(): number {
    const { schedules, clock } = this.#ports;
    this.#settle();
    this.#takeUp();
    const nowMs = clock.wallMs();
    let nextMs = nowMs + LOOK_EVERY_MS;
    for (const stored of schedules.all()) {
      if (!stored.schedule.enabled) continue;
      const times = cronTimes(stored.schedule.cron, stored.schedule.timeZone);
      if (!times.ok) continue;
      this.#consider(stored, times.value, nowMs);
      nextMs = Math.min(nextMs, times.value.after(nowMs) ?? nextMs);
    }
    return Math.max(1, nextMs - clock.wallMs());
  }

  #consider(stored: StoredSchedule, times: CronTimes, nowMs: number): void {
    const { schedules } = this.#ports;
    const { schedule, doneUntilMs } = stored;
    // The clock was set back: what ran has its row, and is not run again.
    if (doneUntilMs > nowMs) schedules.doneUntil(schedule.id, nowMs);
    const due = dueNow(times, doneUntilMs, nowMs, schedule);
    if (due === null) return;
    this.#leaveOut(schedule, missedOf(due, times, doneUntilMs), nowMs);
    if (due.what !== 'leave out') this.#run(stored, due, nowMs);
    this.changes.tell();
  }

  #leaveOut(
    schedule: Schedule,
    missed: { readonly atMs: number; readonly times: number } | null,
    nowMs: number,
  ): void {
    if (missed === null) return;
    const { atMs: dueAtMs, times: n } = missed;
    const why = n === 1 ? told('schedule.missed') : told('schedule.missedMany', { n });
    const { schedules } = this.#ports;
    const run = schedules.addRun({
      scheduleId: schedule.id,
      dueAtMs,
      cause: 'due',
      state: 'skipped',
      nowMs,
      why,
    });
    if (run !== null) this.#over(schedule, 'skipped', why);
  }

  #run(stored: StoredSchedule, { atMs, what }: Due, nowMs: number): void {
    const isBusy = this.#isBusy(stored.schedule.id);
    const why = told('schedule.overlaps');
    const run = this.#ports.schedules.addRun({
      scheduleId: stored.schedule.id,
      dueAtMs: atMs,
      cause: what === 'run' ? 'due' : 'late',
      state: isBusy ? 'skipped' : 'beginning',
      nowMs,
      ...(isBusy ? { why } : {}),
    });
    if (run === null) return;
    if (isBusy) this.#over(stored.schedule, 'skipped', why);
    else void this.#begin(stored, run);
  }

  #isBusy(scheduleId: string): boolean {
    return this.#ports.schedules.openRuns().some((open) => open.scheduleId === scheduleId);
  }

  /** Goes on with runs that were written down and not begun: the hub ended between, or could not write. */
  #takeUp(): void {
    const { schedules, clock, actions } = this.#ports;
    for (const { run, scheduleId } of schedules.openRuns()) {
      if (run.state !== 'beginning' || this.#beginning.has(run.id)) continue;
      const stored = schedules.byId(scheduleId);
      const lateMs = clock.wallMs() - run.dueAtMs;
      const { missed = 'skip', missedMinutes = 0 } = stored?.schedule ?? {};
      const mostMs = missed === 'once' ? Math.max(IN_TIME_MS, missedMinutes * 60_000) : IN_TIME_MS;
      const isBegun = stored !== null && actions.byKey(stored.schedule.owner, keyOf(run)) !== null;
      if (stored !== null && (isBegun || lateMs <= mostMs)) void this.#begin(stored, run);
      else this.#end(run, stored?.schedule ?? null, 'skipped', told('schedule.notBegun'));
    }
  }

  async #begin(stored: StoredSchedule, run: ScheduleRun): Promise<void> {
    if (this.#beginning.has(run.id)) return;
    this.#beginning.add(run.id);
    try {
      await this.#tryToBegin(stored, run);
    } catch (error) {
      this.#ports.bug(error);
      if (isNotWritten(error))
        this.#lookIn(AGAIN_MS); // the run stays, and is taken up again
      else this.#end(run, stored.schedule, 'failed', told('hub.failed'));
    } finally {
      this.#beginning.delete(run.id);
    }
  }

  async #tryToBegin({ schedule, ownerId, limit }: StoredSchedule, run: ScheduleRun): Promise<void> {
    const { accounts, actions, schedules, audit } = this.#ports;
    const known = actions.byKey(schedule.owner, keyOf(run))?.action;
    const planned = known ?? (await planRun({ schedule, limit }, accounts.owner(ownerId), this.#ports));
    if (this.#isClosed) return;
    if ('id' in planned) this.#began(run, schedule, planned);
    else if (planned.kind === 'planned') this.#began(run, schedule, this.#act(schedule, run, planned.plan));
    else {
      const { doer, deed } = inAudit(schedule, run);
      audit.refused(doer, deed, planned.why.says, 'person');
      if (planned.kind === 'stops') schedules.stop(schedule.id, planned.why);
      this.#end(run, schedule, 'failed', planned.why);
    }
  }

  #act(schedule: Schedule, run: ScheduleRun, plan: Plan) {
    const { actions, audit } = this.#ports;
    const { doer, deed } = inAudit(schedule, run);
    const begun = audit.begin(doer, deed);
    const once = { key: keyOf(run), requestHash: '' };
    const action = actions.run(plan, schedule.owner, once, { schedule: schedule.name });
    audit.end(begun, doer, deed, 'done', { after: { action: action.id, targets: action.targets.length } });
    return action;
  }

  #began(run: ScheduleRun, schedule: Schedule, action: ActionHead): void {
    this.#ports.schedules.runBegan(run.id, action.id);
    if (action.finishedAtMs !== null) this.#endAsAction({ ...run, actionId: action.id }, schedule);
  }

  /** Ends the runs whose actions have. */
  #settle(): void {
    const { schedules } = this.#ports;
    for (const { run, scheduleId } of schedules.openRuns())
      if (run.state === 'running') this.#endAsAction(run, scheduleOf(schedules, scheduleId));
  }

  #endAsAction(run: ScheduleRun, schedule: Schedule | null): void {
    const read = this.#ports.actions.read(run.actionId ?? '');
    if (read !== null && read.head.finishedAtMs === null) return;
    const why = read === null ? told('hub.failed') : whyFailed(read.head, [...read.targets()]);
    this.#end(run, schedule, why === null ? 'done' : 'failed', why);
  }

  #end(run: ScheduleRun, schedule: Schedule | null, state: keyof RunCounts, why: Told | null): void {
    this.#ports.schedules.runEnded(run.id, state, why, this.#ports.clock.wallMs());
    if (schedule !== null) this.#over(schedule, state, why);
    this.changes.tell();
  }

  #over(schedule: Schedule, state: keyof RunCounts, why: Told | null): void {
    this.counts[state]++;
    if (why !== null) this.#ports.fleet.lately.scheduleNotDone(schedule, state, why);
  }
}

const keyOf = ({ id }: ScheduleRun): string => `schedule run ${id}`; // no key of a request has a blank

const scheduleOf = (schedules: Schedules, id: string): Schedule | null =>
  schedules.byId(id)?.schedule ?? null;

/** Of the times that passed those that nothing is run for. */
function missedOf({ atMs, what, times }: Due, all: CronTimes, doneUntilMs: number) {
  if (what === 'leave out') return { atMs, times };
  const before = times === 1 ? null : lastTime(all, doneUntilMs, atMs - 1);
  return before === null ? null : { atMs: before, times: times - 1 };
}

function whyFailed({ cancelledBy, progress }: ActionHead, targets: readonly ActionTarget[]): Told | null {
  if (cancelledBy !== null) return told('schedule.cancelled', { by: cancelledBy });
  const failed = targets.filter(({ outcome }) => outcome.kind !== 'done').length;
  if (failed === 0) return null;
  const stopped = progress?.phase === 'stopped' && progress.says !== undefined ? progress : null;
  const { says = '', said } = stopped ?? {};
  if (stopped !== null) return said === undefined ? { says } : { says, said };
  return told('schedule.outcome', { failed, n: targets.length });
}

function inAudit({ name, owner, action }: Schedule, { id }: ScheduleRun) {
  return {
    doer: { actor: owner, way: `schedule ${name}`, address: '' },
    deed: {
      what: 'POST /actions',
      target: `${action.verb} ${action.selector}`,
      detail: { ...action, run: id },
    },
  };
}
