import type { Cancel, Clock } from '../clock.ts';
import type { Alert, AlertCause, AlertRule, AlertSubject, Ending } from '../fleet/alert.ts';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import { parseSelector } from '../fleet/selector.ts';
import { keyOf, names, type Ruled, type Watched, watchesOf } from './ruled.ts';
import {
  flappingVerdict,
  hostVerdict,
  memoryVerdict,
  type SeenProcess,
  stateVerdict,
  type Verdict,
} from './verdict.ts';
import { dueStep, hold, newWatch, nextLookMs, note, type Step, takenUp, written } from './watch.ts';

/** Where what the evaluator decides is done. What cannot be done now is asked for again a second later. */
export interface AlertSink {
  /** Returns the number of the new alert; null: it cannot be written now. */
  begin(rule: AlertRule, subject: AlertSubject, cause: AlertCause, times: number): number | null;
  again(alertId: number, cause: AlertCause, times: number): boolean;
  close(alertId: number, ending: Ending): boolean;
}

export type SeenHost = Pick<
  HostView,
  'id' | 'name' | 'environment' | 'tags' | 'maintenance' | 'reachability'
>;
export type Named = { readonly group: string; readonly name: string };

const NEVER = Number.POSITIVE_INFINITY;
const NOT_ENDED = { endsAtMs: NEVER, ending: null } as const;
const AGAIN_MS = 1_000;
/** Of very many watches all are looked at each time… */
const LOOK_EVERY_MS = 100;
/** …and so many dealt with: of thousands that close at once nobody else waits for the last. */
const MOST_AT_ONCE = 500;

/**
 * Decides which alerts open, count up and close, from what it is shown of the fleet and a clock; looks at nothing itself.
 * A host in maintenance or disabled raises nothing, and of one that does not answer the processes are not judged.
 */
export class Evaluator {
  readonly #clock: Clock;
  readonly #sink: AlertSink;
  readonly #ruled = new Map<string, Ruled>();
  #cancel: Cancel | null = null;
  #armedMs = NEVER;
  #dueMs = NEVER;
  /** Nothing could be written: not tried before then. */
  #againMs = 0;

  constructor(clock: Clock, sink: AlertSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  close(): void {
    this.#cancel?.();
  }

  /** These count from now on; what no rule looks at any more closes. All of the fleet is to be shown again. */
  setRules(rules: readonly AlertRule[]): void {
    const enabled = new Map(rules.filter((rule) => rule.enabled).map((rule) => [rule.id, rule]));
    for (const [id, ruled] of [...this.#ruled]) {
      if (enabled.get(id)?.condition.kind === ruled.rule.condition.kind) continue;
      this.#endAll(ruled, 'rule-changed');
      this.#ruled.delete(id);
    }
    for (const rule of enabled.values()) {
      const selector = parseSelector(rule.selector);
      const watches = this.#ruled.get(rule.id)?.watches ?? new Map();
      if (selector.ok) this.#ruled.set(rule.id, { rule, selector: selector.value, watches });
    }
  }

  /** Goes on with an alert that was open when the hub ended. False: no rule looks at it any more. */
  takeUp(alert: Alert): boolean {
    const ruled = this.#ruled.get(alert.ruleId);
    if (ruled === undefined || ruled.rule.condition.kind !== alert.kind) return false;
    const { hostId, host, group, process, says, said, lastLine } = alert;
    const cause = { says, ...(said === undefined ? {} : { said }), lastLine };
    const watch = takenUp(alert.id, cause, this.#clock.uptimeMs());
    const subject = { hostId, host, group, process };
    watchesOf(ruled, hostId).set(keyOf(group, process), { ...watch, subject, ...NOT_ENDED });
    return true;
  }

  seeHost(host: SeenHost): void {
    const isDisabled = host.reachability.kind === 'disabled';
    for (const ruled of this.#ruled.values()) {
      if (isDisabled) this.#endHost(ruled, host.id, 'host-disabled');
      else this.#limit(ruled, host);
      if (!isDisabled && ruled.rule.condition.kind === 'host-unreachable')
        this.#judge(ruled, host, { group: '', name: '' }, hostVerdict(host.reachability));
    }
    this.#arm();
  }

  /** A process by its state alone, as soon as that changed: so one that is over at once counts too. */
  seeState(host: SeenHost, named: Named, process: SeenProcess): void {
    if (host.reachability.kind !== 'reachable') return;
    const nowMs = this.#clock.wallMs();
    for (const ruled of this.#ruled.values()) {
      const { condition } = ruled.rule;
      if (condition.kind === 'process-state')
        this.#judge(ruled, host, named, stateVerdict(condition, process, nowMs));
    }
    this.#arm();
  }

  seeProcess(host: SeenHost, process: ProcessView, restartsAtMs: readonly number[]): void {
    if (host.reachability.kind !== 'reachable') return;
    const nowMs = this.#clock.wallMs();
    for (const ruled of this.#ruled.values()) {
      const { condition } = ruled.rule;
      if (condition.kind === 'process-state')
        this.#judge(ruled, host, process, stateVerdict(condition, process, nowMs));
      else if (condition.kind === 'flapping')
        this.#judge(ruled, host, process, flappingVerdict(condition, process, restartsAtMs, nowMs));
      else if (condition.kind === 'memory-over')
        this.#judge(ruled, host, process, memoryVerdict(condition, process));
    }
    this.#arm();
  }

  /** `name`: `group:process`. */
  goneProcess(hostId: string, name: string): void {
    for (const ruled of this.#ruled.values()) this.#end(ruled, hostId, name, 'gone');
  }

  goneHost(hostId: string): void {
    for (const ruled of this.#ruled.values()) this.#endHost(ruled, hostId, 'gone');
  }

  /** The processes of a host that anything is kept of, as `group:process`. */
  watchedOn(hostId: string): string[] {
    return [...this.#ruled.values()].flatMap(({ watches }) =>
      [...(watches.get(hostId)?.keys() ?? [])].filter((key) => key !== ''),
    );
  }

  /** What is well and was so before costs one look into a map. */
  #judge(ruled: Ruled, host: SeenHost, { group, name }: Named, verdict: Verdict): void {
    const known = ruled.watches.get(host.id)?.get(keyOf(group, name));
    if (known === undefined && verdict.kind !== 'bad') return;
    if (!names(ruled, host, group, name)) return;
    const nowMs = this.#clock.uptimeMs();
    // Work on a host is announced: what goes wrong there meanwhile is no surprise.
    const calmed: Verdict =
      verdict.kind === 'bad' && host.maintenance !== undefined ? { kind: 'open question' } : verdict;
    if (known !== undefined) note(known, calmed, nowMs);
    const watch =
      known ?? (calmed.kind === 'bad' ? this.#begin(ruled, host, { group, name }, calmed.cause) : null);
    if (watch === null) return;
    if (calmed.kind === 'bad') watch.ending = null;
    watch.endsAtMs = calmed.kind === 'bad' ? nowMs + (calmed.endsInMs ?? NEVER) : NEVER;
    this.#advance(ruled, watch, nowMs);
  }

  #begin(ruled: Ruled, host: SeenHost, { group, name }: Named, cause: AlertCause): Watched {
    const subject = { hostId: host.id, host: host.name, group, process: name };
    const watch = { ...newWatch(cause, this.#clock.uptimeMs()), subject, ...NOT_ENDED };
    watchesOf(ruled, host.id).set(keyOf(group, name), watch);
    return watch;
  }

  /** `done`: there was something to do. */
  #advance(ruled: Ruled, watch: Watched, nowMs: number): 'done' | 'nothing' {
    if (nowMs >= watch.endsAtMs) {
      note(watch, { kind: 'well' }, nowMs);
      watch.endsAtMs = NEVER;
    }
    const step = nowMs < this.#againMs ? null : dueStep(watch, ruled.rule, nowMs);
    if (step !== null && !this.#do(step, ruled, watch, nowMs)) this.#againMs = nowMs + AGAIN_MS;
    const nextMs = Math.min(nextLookMs(watch, ruled.rule), watch.endsAtMs);
    this.#dueMs = Math.min(this.#dueMs, Math.max(nextMs, this.#againMs));
    return step === null ? 'nothing' : 'done';
  }

  #do(step: Step, ruled: Ruled, watch: Watched, nowMs: number): boolean {
    const { subject } = watch;
    if (step.kind === 'close' || step.kind === 'forget')
      return this.#end(ruled, subject.hostId, keyOf(subject.group, subject.process), watch.ending ?? 'well');
    if (step.kind === 'open') watch.alertId = this.#sink.begin(ruled.rule, subject, step.cause, step.times);
    const isWritten =
      watch.alertId !== null &&
      (step.kind === 'open' || this.#sink.again(watch.alertId, step.cause, step.times));
    if (isWritten) written(watch, nowMs);
    return isWritten;
  }

  /** False: it cannot be written now, and is tried again. */
  #end(ruled: Ruled, hostId: string, key: string, ending: Ending): boolean {
    const watch = ruled.watches.get(hostId)?.get(key);
    if (watch === undefined) return true;
    watch.isBad = false;
    watch.wellSinceMs = Number.NEGATIVE_INFINITY;
    watch.ending = ending;
    const { alertId, cause, times } = watch;
    if (alertId !== null && times > 0 && this.#sink.again(alertId, cause, times)) watch.times = 0;
    if (alertId !== null && !this.#sink.close(alertId, ending)) {
      this.#againMs = this.#clock.uptimeMs() + AGAIN_MS;
      this.#dueMs = Math.min(this.#dueMs, this.#againMs);
      this.#arm();
      return false;
    }
    ruled.watches.get(hostId)?.delete(key);
    if (ruled.watches.get(hostId)?.size === 0) ruled.watches.delete(hostId);
    watch.wellSinceMs = NEVER; // nothing of it is due any more
    return true;
  }

  #endHost(ruled: Ruled, hostId: string, ending: Ending): void {
    for (const key of [...(ruled.watches.get(hostId)?.keys() ?? [])]) this.#end(ruled, hostId, key, ending);
  }

  #endAll(ruled: Ruled, ending: Ending): void {
    for (const hostId of [...ruled.watches.keys()]) this.#endHost(ruled, hostId, ending);
  }

  /** Ends what the rule no longer names, and keeps from opening what cannot be judged now. */
  #limit(ruled: Ruled, host: SeenHost): void {
    const answers = host.reachability.kind === 'reachable';
    for (const [key, watch] of [...(ruled.watches.get(host.id) ?? [])]) {
      const { group, process } = watch.subject;
      const isUnseen = key !== '' && !answers;
      if (!names(ruled, host, group, process)) this.#end(ruled, host.id, key, 'rule-changed');
      else if (watch.alertId === null && (isUnseen || host.maintenance !== undefined))
        this.#end(ruled, host.id, key, 'well');
      else if (isUnseen) {
        hold(watch);
        watch.endsAtMs = NEVER;
      }
    }
  }

  #arm(): void {
    if (this.#dueMs >= this.#armedMs) return;
    this.#cancel?.();
    this.#armedMs = this.#dueMs;
    const waitMs = Math.max(LOOK_EVERY_MS, this.#dueMs - this.#clock.uptimeMs());
    this.#cancel = this.#clock.after(waitMs, () => this.#look());
  }

  #look(): void {
    this.#dueMs = NEVER;
    this.#armedMs = NEVER;
    const nowMs = this.#clock.uptimeMs();
    let left = MOST_AT_ONCE;
    for (const [ruled, watch] of this.#watched()) {
      if (left > 0) left -= this.#advance(ruled, watch, nowMs) === 'done' ? 1 : 0;
      else this.#dueMs = nowMs;
    }
    this.#arm();
  }

  #watched(): (readonly [Ruled, Watched])[] {
    return [...this.#ruled.values()].flatMap((ruled) =>
      [...ruled.watches.values()].flatMap((ofHost) =>
        [...ofHost.values()].map((watch) => [ruled, watch] as const),
      ),
    );
  }
}
