import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { Beat, ProcessView } from '../fleet/process.ts';
import { FLAPPING } from '../fleet/restarts.ts';
import type { LinkProcess } from '../links/host-link.ts';
import { BEAT_COUNT, beatOf, HOUR_MS, hourOf, Strip } from './beats.ts';

/** Nothing but a request leads out of these. */
const HELD_STILL: ReadonlySet<ProcessState> = new Set(['STOPPED', 'FATAL']);

export interface Crash {
  readonly atMs: number;
  readonly lines: readonly string[];
}

/** What came of a report about a process. */
export interface Noted {
  readonly changed: boolean;
  readonly stateChanged: boolean;
  /** It has a new child, and no operator asked for one. */
  readonly restarted: boolean;
  /** Its strip has a new worst for this hour. */
  readonly newBeat: boolean;
}

/** Everything the hub knows of one process: what its host told, and what follows from all it told before. */
export class ProcessRecord {
  now: LinkProcess;
  /** As it was when this hub saw it first: that was never an event. */
  readonly first: { readonly atMs: number; readonly state: ProcessState };
  #restartsAtMs: number[] = [];
  #crash: Crash | null = null;
  #metrics: readonly [cpuPercent: number, memoryBytes: number] | null = null;
  /** The pid of the latest child, also after it ended. */
  #lastPid: number;
  #startExpectedUntilMs = 0;
  /** It stood still by somebody's wish: only somebody's wish starts it again. */
  #heldStill = false;
  readonly #strip = new Strip();

  /** An earlier hub heard this, and nobody since. */
  readonly isRecalled: boolean;

  constructor(process: LinkProcess, heard: 'heard' | 'recalled' = 'heard') {
    this.now = process;
    this.isRecalled = heard === 'recalled';
    this.first = { atMs: process.sinceMs, state: process.state };
    this.#lastPid = process.pid;
    this.#heldStill = HELD_STILL.has(process.state);
  }

  /** A new child until then is an operator's wish, not a restart. */
  expectStart(untilMs: number): void {
    this.#startExpectedUntilMs = untilMs;
  }

  /** Puts back what the hub knew before it was restarted. */
  remember(past: { readonly restartsAtMs?: readonly number[]; readonly crash?: Crash }): void {
    this.#restartsAtMs.push(...(past.restartsAtMs ?? []));
    if (past.crash !== undefined) this.#crash = past.crash;
  }

  rememberBeat(hour: number, beat: Beat): void {
    this.#strip.see(hour, beat);
  }

  note(process: LinkProcess, lastLines: readonly string[] | null, nowMs: number): Noted {
    const before = this.now;
    this.now = process;
    const stateChanged = before.state !== process.state || before.pid !== process.pid;
    const restarted = this.#noteChild(process.pid, nowMs);
    if (HELD_STILL.has(process.state)) this.#heldStill = true;
    if (lastLines !== null && lastLines.length > 0) this.#crash = { atMs: nowMs, lines: lastLines };
    if (process.pid === 0) this.#metrics = null;
    return {
      changed: stateChanged || lastLines !== null || !sameReport(before, process),
      stateChanged,
      restarted,
      newBeat: this.beat(nowMs),
    };
  }

  /** Adds the present state to the strip; true when this hour became worse. */
  beat(nowMs: number): boolean {
    const beat = beatOf(this.now);
    return beat !== null && this.#strip.see(hourOf(nowMs), beat);
  }

  setMetrics(metrics: readonly [number, number]): void {
    if (this.now.pid !== 0) this.#metrics = metrics;
  }

  get hasCrash(): boolean {
    return this.#crash !== null;
  }

  /** Of the last day, oldest first; older ones may still be among them. */
  get restartsAtMs(): readonly number[] {
    return this.#restartsAtMs;
  }

  restartsWithin(ms: number, nowMs: number): number {
    if (this.#restartsAtMs.length === 0) return 0;
    return this.#restartsAtMs.filter((atMs) => nowMs - atMs < ms).length;
  }

  view(hostId: string, nowMs: number, freshness: 'fresh' | 'as last seen'): ProcessView {
    const { now } = this;
    return {
      hostId,
      ...now,
      restarts: this.restartsWithin(HOUR_MS, nowMs),
      flapping: this.restartsWithin(FLAPPING.withinMs, nowMs) >= FLAPPING.restarts,
      crash: this.#crash,
      cpuPercent: this.#metrics?.[0] ?? null,
      memoryBytes: this.#metrics?.[1] ?? null,
      beats: this.#strip.until(hourOf(nowMs)),
      fresh: freshness === 'fresh',
    };
  }

  #noteChild(pid: number, nowMs: number): boolean {
    if (pid === 0 || pid === this.#lastPid) return false;
    const first = this.#lastPid === 0;
    this.#lastPid = pid;
    const asked = this.#heldStill || nowMs < this.#startExpectedUntilMs;
    this.#heldStill = false;
    this.#startExpectedUntilMs = 0;
    if (first || asked) return false;
    this.#restartsAtMs = this.#restartsAtMs.filter((atMs) => nowMs - atMs < BEAT_COUNT * HOUR_MS);
    this.#restartsAtMs.push(nowMs);
    return true;
  }
}

function sameReport(left: LinkProcess, right: LinkProcess): boolean {
  const keys = Object.keys(right) as (keyof LinkProcess)[];
  return keys.every((key) => left[key] === right[key]);
}
