import type { Cancel, Clock } from '../clock.ts';
import type { ProcessHappened } from '../fleet/event.ts';
import type { Host, HostFacts, HostView, Reachability } from '../fleet/host.ts';
import type { UsageGlance } from '../fleet/metrics.ts';
import type { ProcessName, ProcessView } from '../fleet/process.ts';
import type { StateMark } from '../fleet/timeline.ts';
import type { LinkProcess, LinkSink } from '../links/host-link.ts';
import { BEAT_COUNT, HOUR_MS, hourOf } from './beats.ts';
import { type Dirt, DirtCollector } from './dirt.ts';
import type { History } from './history.ts';
import { HostRecord, nameOf } from './host-record.ts';
import { Lately } from './lately.ts';
import { diedOfItself, processEvent } from './process-event.ts';
import { ProcessRecord } from './process-record.ts';
import { Subscribers } from './subscribers.ts';
import { Touches } from './touches.ts';

const TELL_EVERY_MS = 50;
const MINUTE_MS = 60_000;
const START_EXPECTED_FOR_MS = 60_000;

/** Changes of the fleet, merged. */
export interface FleetChange {
  readonly seq: number;
  readonly atMs: number;
  readonly hosts: readonly HostView[];
  readonly goneHosts: readonly string[];
  readonly processes: readonly ProcessView[];
  readonly goneProcesses: readonly string[];
}

/** One process that was restarted though nobody asked, and when. */
export interface Restarted {
  readonly host: Host;
  readonly group: string;
  readonly name: string;
  readonly restartsAtMs: readonly number[];
}

/** A process that had died, of itself, before the hub saw it first; nobody here knows its last words. */
export interface DiedUnseen {
  readonly group: string;
  readonly name: string;
  /** As far as the host tells it. */
  readonly atMs: number;
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
}

export interface FleetStatePorts {
  readonly clock: Clock;
  readonly history: History;
  /** Keeps what was measured; left out: nothing is kept. */
  readonly meter?: Meter;
  /** Hears of what should never happen. */
  readonly bug: (error: unknown) => void;
}

/** Keeps what hosts measure of their processes. */
export interface Meter {
  measured(hostId: string, of: ReadonlyMap<string, readonly [cpuPercent: number, memoryBytes: number]>): void;
  glance(hostId: string): UsageGlance | null;
}

/**
 * The fleet as it is, in memory: what every page, API answer and socket reads, without asking any host.
 * A host that stops answering keeps its last known processes, marked as not fresh.
 */
export class FleetState implements LinkSink {
  readonly lately: Lately;
  /** Merged, at most one every 50 ms; `seq` grows by one. */
  readonly changes: Subscribers<FleetChange>;
  /** Every change of a process as it goes into history, at once. */
  readonly happened: Subscribers<ProcessHappened>;
  /** The host that told everything it has. */
  readonly snapshots: Subscribers<string>;
  /** At once, for those who wait for something to happen. */
  readonly touched: Touches;
  readonly #clock: Clock;
  readonly #history: History;
  readonly #meter: Meter | null;
  readonly #hosts = new Map<string, HostRecord>();
  readonly #dirt: DirtCollector;
  #seq = 0;
  #cancelMinute: Cancel;

  constructor({ clock, history, meter, bug }: FleetStatePorts) {
    this.#clock = clock;
    this.#history = history;
    this.#meter = meter ?? null;
    this.lately = new Lately(clock, bug);
    this.changes = new Subscribers(bug);
    this.happened = new Subscribers(bug);
    this.snapshots = new Subscribers(bug);
    this.touched = new Touches(bug);
    this.#dirt = new DirtCollector(clock, TELL_EVERY_MS, (dirt) => this.#tell(dirt));
    this.#cancelMinute = clock.after(MINUTE_MS, () => this.#everyMinute());
  }

  close(): void {
    this.#cancelMinute();
    this.#dirt.close();
  }

  get seq(): number {
    return this.#seq;
  }

  /** Makes a host known, or takes over what an operator changed about it. */
  putHost(host: Host): void {
    const known = this.#hosts.get(host.id);
    if (known === undefined) this.#hosts.set(host.id, new HostRecord(host, this.#clock.wallMs()));
    else known.host = host;
    this.#dirt.host(host.id);
  }

  removeHost(hostId: string): void {
    const record = this.#hosts.get(hostId);
    if (record === undefined) return;
    this.#hosts.delete(hostId);
    for (const name of record.processes.keys()) this.#dirt.goneProcess(`${hostId}/${name}`);
    this.#dirt.goneHost(hostId);
    this.touched.tell(hostId, null);
  }

  hosts(): HostView[] {
    return [...this.#hosts.values()]
      .map((record) => record.view())
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  host(hostId: string): HostView | null {
    return this.#hosts.get(hostId)?.view() ?? null;
  }

  /**
   * The names of all processes, without anything put together for them. May be left for a while and gone on with: what
   * comes or goes meanwhile may be among them or not.
   */
  *names(): Generator<ProcessName> {
    for (const [hostId, host] of this.#hosts)
      for (const { now } of host.processes.values()) yield { hostId, group: now.group, name: now.name };
  }

  processes(): ProcessView[] {
    return [...this.#hosts.values()].flatMap((host) =>
      [...host.processes.values()].map((process) => this.#viewOf(host, process)),
    );
  }

  processesOf(hostId: string): ProcessView[] {
    const host = this.#hosts.get(hostId);
    return host === undefined
      ? []
      : [...host.processes.values()].map((process) => this.#viewOf(host, process));
  }

  process(key: string): ProcessView | null {
    const found = this.#find(key);
    return found === null ? null : this.#viewOf(found.host, found.process);
  }

  /** The processes that were restarted within the last day, and when. */
  restarted(): Restarted[] {
    return [...this.#hosts.values()].flatMap(({ host, processes }) =>
      [...processes.values()]
        .filter(({ restartsAtMs }) => restartsAtMs.length > 0)
        .map(({ now: { group, name }, restartsAtMs }) => ({ host, group, name, restartsAtMs })),
    );
  }

  /** When a process was restarted though nobody asked, oldest first; of older than a day some may be left. */
  restartsOf(key: string): readonly number[] {
    return this.#find(key)?.process.restartsAtMs ?? [];
  }

  /** What a process was when this hub saw it first, and since when. */
  firstSeen(key: string): StateMark | null {
    return this.#find(key)?.process.first ?? null;
  }

  /** A new child of this process within the next minute was asked for. */
  expectStart(key: string): void {
    this.#find(key)?.process.expectStart(this.#clock.wallMs() + START_EXPECTED_FOR_MS);
  }

  reachability(hostId: string, reachability: Reachability): void {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return;
    const before = host.reachability;
    if (reachability.kind === 'unreachable' && host.lastSeenMs === null) this.#recall(host);
    host.become(reachability);
    this.#dirt.host(hostId);
    if (before.kind === reachability.kind) return;
    this.#told(host);
    for (const name of host.processes.keys()) this.#dirt.process(`${hostId}/${name}`);
    if (before.kind !== 'connecting' || reachability.kind === 'unreachable')
      this.lately.hostChanged(host.host, reachability);
    if (reachability.kind !== 'connecting') this.#keepHost(host.host, reachability);
    this.touched.tell(hostId, null);
  }

  snapshot(hostId: string, facts: HostFacts, processes: readonly LinkProcess[]): void {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return;
    host.facts = facts;
    host.lastSeenMs = this.#clock.wallMs();
    this.#dirt.host(hostId);
    const named = new Set(processes.map(nameOf));
    for (const name of [...host.processes.keys()]) if (!named.has(name)) this.#forget(host, name);
    for (const process of processes) this.#note(host, process, null, 'as it is');
    this.#told(host);
    this.snapshots.tell(hostId);
  }

  *diedUnseen(hostId: string): Generator<DiedUnseen> {
    for (const { now, hasCrash } of this.#hosts.get(hostId)?.processes.values() ?? []) {
      if (hasCrash || !diedOfItself(now)) continue;
      const { group, name, sinceMs: atMs, hasStdout, hasStderr } = now;
      yield { group, name, atMs, hasStdout, hasStderr };
    }
  }

  /** What a process said last that is still as it had died; history has it too from then on, unless it has it already. */
  lastWords(
    hostId: string,
    { group, name, atMs }: DiedUnseen,
    { lines, isWritten }: { readonly lines: readonly string[]; readonly isWritten: boolean },
  ): void {
    const host = this.#hosts.get(hostId);
    const process = host?.processes.get(nameOf({ group, name }));
    if (host === undefined || process === undefined || process.hasCrash || !diedOfItself(process.now)) return;
    process.remember({ crash: { atMs, lines } });
    this.#dirt.process(`${hostId}/${nameOf(process.now)}`);
    if (!isWritten)
      this.#history.event(processEvent(host.host, process.now, { atMs, restarted: false, lastLines: lines }));
  }

  changed(hostId: string, process: LinkProcess, lastLines: readonly string[] | null): void {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return;
    host.lastSeenMs = this.#clock.wallMs();
    this.#note(host, process, lastLines, 'as it became');
  }

  groupRemoved(hostId: string, group: string): void {
    const host = this.#hosts.get(hostId);
    for (const [name, process] of [...(host?.processes ?? [])])
      if (host !== undefined && process.now.group === group) this.#forget(host, name);
  }

  metrics(hostId: string, of: ReadonlyMap<string, readonly [number, number]>): void {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return;
    this.#meter?.measured(hostId, of);
    if (host.usage === null) this.#glance(host);
    for (const [name, metrics] of of) {
      const process = host.processes.get(name);
      if (process === undefined) continue;
      process.setMetrics(metrics);
      this.#dirt.process(`${hostId}/${name}`);
    }
  }

  heard(hostId: string): void {
    const host = this.#hosts.get(hostId);
    if (host !== undefined) host.lastSeenMs = this.#clock.wallMs();
  }

  /** What a hub hears of first as a change happened while it was away: history has it too. */
  #note(
    host: HostRecord,
    report: LinkProcess,
    lastLines: readonly string[] | null,
    told: 'as it is' | 'as it became',
  ): void {
    const name = nameOf(report);
    const held = host.processes.get(name);
    const known = held?.isRecalled ? undefined : held;
    const record = known ?? this.#welcome(host, report);
    const noted = record.note(report, lastLines, this.#clock.wallMs());
    if (noted.newBeat) this.#keepBeat(host, record);
    if (known !== undefined && !noted.changed) return;
    if (known === undefined) this.#dirt.host(host.host.id);
    this.#dirt.process(`${host.host.id}/${name}`);
    const isNews = known === undefined ? told === 'as it became' : noted.stateChanged || lastLines !== null;
    if (isNews) this.#keep(host, record, noted.restarted, lastLines);
    this.#told(host);
    this.touched.tell(host.host.id, `${host.host.id}/${name}`);
  }

  /** The hub was restarted while the host is away: what it told before is shown, and counts as never heard once it tells. */
  #recall(host: HostRecord): void {
    const known = this.#history.recall(host.host.id);
    if (known === null) return;
    host.recall(known);
    for (const process of known.processes) this.#welcome(host, process, 'recalled');
  }

  #told(host: HostRecord): void {
    this.#history.known(host.host.id, () => host.known());
  }

  #welcome(host: HostRecord, report: LinkProcess, heard: 'heard' | 'recalled' = 'heard'): ProcessRecord {
    const record = new ProcessRecord(report, heard);
    this.#history.restore(host.host.id, record);
    host.processes.set(nameOf(report), record);
    return record;
  }

  #keep(
    host: HostRecord,
    { now }: ProcessRecord,
    restarted: boolean,
    lastLines: readonly string[] | null,
  ): void {
    this.lately.processChanged(host.host, now);
    const atMs = this.#clock.wallMs();
    const event = processEvent(host.host, now, { atMs, restarted, lastLines });
    this.#history.event(event);
    this.happened.tell(event);
  }

  #keepHost(host: Host, reachability: Reachability): void {
    this.#history.event({
      kind: 'host',
      hostId: host.id,
      host: host.name,
      atMs: this.#clock.wallMs(),
      state: reachability.kind,
      says: reachability.kind === 'unreachable' ? reachability.failure.says : '',
    });
  }

  #keepBeat(host: HostRecord, record: ProcessRecord): void {
    const nowMs = this.#clock.wallMs();
    const beat = record.view(host.host.id, nowMs, 'fresh').beats[BEAT_COUNT - 1];
    if (beat === null || beat === undefined) return;
    const { group, name } = record.now;
    this.#history.beat({ hostId: host.host.id, group, process: name, hour: hourOf(nowMs), beat });
  }

  #forget(host: HostRecord, name: string): void {
    host.processes.delete(name);
    this.#told(host);
    const key = `${host.host.id}/${name}`;
    this.#dirt.goneProcess(key);
    this.#dirt.host(host.host.id);
    this.touched.tell(host.host.id, key);
  }

  /** Restarts grow old and hours begin without anything happening. */
  #everyMinute(): void {
    this.#cancelMinute = this.#clock.after(MINUTE_MS, () => this.#everyMinute());
    const nowMs = this.#clock.wallMs();
    for (const host of this.#hosts.values()) {
      if (host.usage !== null) this.#glance(host);
      for (const [name, process] of host.processes) {
        const newBeat = host.isReachable() && process.beat(nowMs);
        if (newBeat) this.#keepBeat(host, process);
        if (newBeat || process.restartsWithin(2 * HOUR_MS, nowMs) > 0)
          this.#dirt.process(`${host.host.id}/${name}`);
      }
    }
  }

  #glance(host: HostRecord): void {
    host.usage = this.#meter?.glance(host.host.id) ?? null;
    this.#dirt.host(host.host.id);
  }

  #tell(dirt: Dirt): void {
    this.changes.tell({
      seq: ++this.#seq,
      atMs: this.#clock.wallMs(),
      hosts: [...dirt.hosts].flatMap((id) => this.host(id) ?? []),
      goneHosts: [...dirt.goneHosts],
      processes: [...dirt.processes].flatMap((key) => this.process(key) ?? []),
      goneProcesses: [...dirt.goneProcesses],
    });
  }

  #find(key: string): { host: HostRecord; process: ProcessRecord } | null {
    const slash = key.indexOf('/');
    const host = this.#hosts.get(key.slice(0, slash));
    const process = host?.processes.get(key.slice(slash + 1));
    return host === undefined || process === undefined ? null : { host, process };
  }

  #viewOf(host: HostRecord, process: ProcessRecord): ProcessView {
    return process.view(host.host.id, this.#clock.wallMs(), host.isReachable() ? 'fresh' : 'as last seen');
  }
}
