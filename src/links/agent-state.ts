import type { Clock } from '../clock.ts';
import type { HostFacts } from '../fleet/host.ts';
import { agentProcess } from './agent-process.ts';
import type { AgentCursor } from './agent-registry.ts';
import type { LinkSink } from './host-link.ts';
import type { CheckedEvent, CheckedEvents, CheckedSnapshot } from './uplink-schemas.ts';

/** What became of a message: taken, or the reason to end the connection. */
export type Taken = 'taken' | 'want-snapshot' | 'gap' | 'wrong-epoch';

/** A clock that differs by less is the network's delay. */
const SKEW_NOISE_MS = 250;
const SKEW_TOLERANCE_MS = 2_000;
const MOST_PROCESSES = 20_000;

/** Follows the numbered events of one agent and tells the sink; nothing twice, nothing out of order. */
export class AgentState {
  readonly #hostId: string;
  readonly #sink: LinkSink;
  readonly #clock: Clock;
  #cursor: AgentCursor | null;
  #hasSnapshot = false;
  #skewMs = 0;
  #facts: HostFacts | null = null;
  #parts: CheckedSnapshot[] = [];

  constructor(
    hostId: string,
    cursor: AgentCursor | null,
    ports: { readonly sink: LinkSink; readonly clock: Clock },
  ) {
    this.#hostId = hostId;
    this.#cursor = cursor;
    this.#sink = ports.sink;
    this.#clock = ports.clock;
  }

  get cursor(): AgentCursor | null {
    return this.#cursor;
  }

  /** A connection begins: from where it is to go on. */
  begin(epoch: string, wallMs: number): { readonly resumeAfter: number | null; readonly snapshot: boolean } {
    this.#parts = [];
    const corrected = this.#learnSkew(wallMs);
    if (this.#cursor?.epoch === epoch) {
      return { resumeAfter: this.#cursor.seq, snapshot: !this.#hasSnapshot || corrected };
    }
    this.#cursor = { epoch, seq: 0 };
    this.#hasSnapshot = false;
    return { resumeAfter: null, snapshot: true };
  }

  takeSnapshot(part: CheckedSnapshot): Taken {
    const cursor = this.#cursor;
    if (cursor === null || part.epoch !== cursor.epoch) return 'wrong-epoch';
    if (part.seq < cursor.seq || this.#parts.some(({ seq }) => seq !== part.seq)) return 'gap';
    this.#parts.push(part);
    const processes = this.#parts.flatMap((one) => one.processes);
    if (processes.length > MOST_PROCESSES) return 'gap';
    if (part.more) return 'taken';
    this.#parts = [];
    this.#learnSkew(part.wallMs);
    this.#cursor = { epoch: cursor.epoch, seq: part.seq };
    this.#hasSnapshot = true;
    this.#facts = {
      identifier: part.identifier,
      version: part.supervisorVersion,
      daemonState: part.daemonState,
      pid: part.pid,
      clockSkewMs: this.#skewMs,
      ...(part.machine === undefined ? {} : { machine: part.machine }),
    };
    const time = { skewMs: this.#skewMs, wallMs: part.wallMs };
    const told = processes.map((process) => agentProcess(process, time));
    this.#sink.snapshot(this.#hostId, this.#facts, told);
    return 'taken';
  }

  takeEvents(events: CheckedEvents): Taken {
    let answer: Taken = 'taken';
    for (const numbered of events) {
      const cursor = this.#cursor;
      if (cursor === null) return 'wrong-epoch';
      if (numbered.seq <= cursor.seq) continue; // a repetition
      if (numbered.seq !== cursor.seq + 1) return 'gap';
      this.#cursor = { epoch: cursor.epoch, seq: numbered.seq };
      if (this.#tell(numbered) === 'want-snapshot') answer = 'want-snapshot';
    }
    return answer;
  }

  #tell({ event, wallMs }: CheckedEvent): Taken {
    const skewMs = this.#skewMs;
    switch (event.kind) {
      case 'process':
        this.#sink.changed(
          this.#hostId,
          agentProcess(event.process, { skewMs, wallMs }),
          event.lastLines ?? null,
        );
        return 'taken';
      case 'group-removed':
        this.#sink.groupRemoved(this.#hostId, event.group);
        return 'taken';
      case 'daemon':
        return 'want-snapshot';
      case 'metrics':
        this.#sink.metrics(this.#hostId, new Map(Object.entries(event.of)));
        return 'taken';
      default:
        return event satisfies never;
    }
  }

  /** True when what was told before is off by so much that it has to be told again. */
  #learnSkew(agentWallMs: number): boolean {
    const aheadMs = Math.round(agentWallMs - this.#clock.wallMs());
    const skewMs = Math.abs(aheadMs) < SKEW_NOISE_MS ? 0 : aheadMs;
    const corrected = Math.abs(skewMs - this.#skewMs) > SKEW_TOLERANCE_MS;
    this.#skewMs = skewMs;
    return corrected;
  }
}
