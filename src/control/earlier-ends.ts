import { lastLines } from '../links/last-lines.ts';
import type { ProcessName } from '../store/fleet-events.ts';
import type { Store } from '../store/store.ts';
import type { DiedUnseen } from './fleet-state.ts';
import { readLog } from './log-pieces.ts';
import { Pace } from './pace.ts';
import type { LogTailsPorts } from './tail-wish.ts';
import { Turnstile } from './turnstile.ts';

export interface EarlierEndsPorts extends LogTailsPorts {
  readonly events: Pick<Store['events'], 'ofProcess'>;
  readonly bug: (error: unknown) => void;
}

const BYTES = 4_096;
/** The others of a host come without last words, as when all of them crash before the hub's eyes. */
const MOST_PER_HOST = 20;
const MOST_HOSTS_AT_ONCE = 8;
const BYTES_PER_SECOND = 1024 * 1024;
/** A clock that was corrected since does not make another end of it. */
const SAME_END_MS = 5_000;

/** Asks what processes said last that had died before the hub saw them first. */
export class EarlierEnds {
  readonly #ports: EarlierEndsPorts;
  readonly #turnstile = new Turnstile(MOST_HOSTS_AT_ONCE, 1);
  readonly #pace: Pace;
  readonly #ended = new AbortController();
  readonly #unsubscribe: () => void;

  constructor(ports: EarlierEndsPorts) {
    this.#ports = ports;
    this.#pace = new Pace(BYTES_PER_SECOND, ports.clock);
    this.#unsubscribe = ports.fleet.snapshots.add((hostId) => this.#look(hostId));
  }

  close(): void {
    this.#unsubscribe();
    this.#ended.abort();
  }

  #look(hostId: string): void {
    const [...dead] = this.#ports.fleet.diedUnseen(hostId);
    if (dead.length > 0) void this.#ask(hostId, dead.slice(0, MOST_PER_HOST)).catch(this.#ports.bug);
  }

  async #ask(hostId: string, dead: readonly DiedUnseen[]): Promise<void> {
    const leave = await this.#turnstile.enter(hostId, this.#ended.signal);
    if (leave === null) return;
    try {
      for (const one of dead) await this.#tell(hostId, one);
    } finally {
      leave();
    }
  }

  async #tell(hostId: string, died: DiedUnseen): Promise<void> {
    const { fleet, events } = this.#ports;
    const name: ProcessName = { hostId, group: died.group, process: died.name };
    const [written] = events.ofProcess(name, 'crashes', 1);
    if (written?.kind === 'process' && written.atMs > died.atMs - SAME_END_MS)
      return fleet.lastWords(hostId, died, { lines: written.lastLines ?? [], isWritten: true });
    const lines = (await this.#read(hostId, died, 'stderr')) ?? (await this.#read(hostId, died, 'stdout'));
    if (lines !== null && !this.#ended.signal.aborted)
      fleet.lastWords(hostId, died, { lines, isWritten: false });
  }

  /** Null where there is nothing. */
  async #read(hostId: string, died: DiedUnseen, channel: 'stdout' | 'stderr'): Promise<string[] | null> {
    if (!(channel === 'stderr' ? died.hasStderr : died.hasStdout)) return null;
    const { group, name: process } = died;
    const log = { name: '', hostId, host: '', group, process, channel };
    const wish = { bytes: BYTES, pace: this.#pace, signal: this.#ended.signal };
    const pieces: Buffer[] = [];
    for await (const piece of readLog(log, wish, this.#ports)) pieces.push(piece);
    const lines = lastLines(Buffer.concat(pieces).toString());
    return lines.length === 0 ? null : lines;
  }
}
