import { FAULT_CODES } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { HostView } from '../fleet/host.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import { randomId } from '../store/secret.ts';

/** The end of a supervisor's own log. */
export interface SupervisorLog {
  readonly atMs: number;
  /** Whole lines, oldest first. */
  readonly lines: readonly string[];
  /** There is more before these lines. */
  readonly cut: boolean;
  /** Why it could not be read; empty when it was. */
  readonly says: string;
}

const WITHIN_MS = 5_000;
/** Many who look, or one who follows, cost a host one question a second. */
const FRESH_MS = 1_000;
/** A UTF-8 character has at most this many bytes: a cut one is refused by supervisord. */
const LONGEST_CHARACTER = 4;

export interface SupervisorLogPorts {
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
}

/** Reads the ends of supervisors' own logs when somebody wants to see them. */
export class SupervisorLogs {
  readonly #ports: SupervisorLogPorts;
  readonly #latest = new Map<
    string,
    { readonly bytes: number; readonly log: Promise<SupervisorLog>; atMs: number }
  >();

  constructor(ports: SupervisorLogPorts) {
    this.#ports = ports;
  }

  /** Resolves within a few seconds, whatever the host does. */
  read(host: HostView, bytes: number): Promise<SupervisorLog> {
    const nowMs = this.#ports.clock.uptimeMs();
    const latest = this.#latest.get(host.id);
    if (latest !== undefined && latest.bytes === bytes && nowMs < latest.atMs + FRESH_MS) return latest.log;
    const entry = { bytes, atMs: Number.POSITIVE_INFINITY, log: this.#read(host, bytes) };
    this.#latest.set(host.id, entry);
    const done = (): void => {
      entry.atMs = this.#ports.clock.uptimeMs();
      this.#ports.clock.after(FRESH_MS, () => {
        if (this.#latest.get(host.id) === entry) this.#latest.delete(host.id);
      });
    };
    entry.log.then(done, done);
    return entry.log;
  }

  async #read(host: HostView, bytes: number): Promise<SupervisorLog> {
    const atMs = this.#ports.clock.wallMs();
    try {
      const text = await this.#text(host, bytes);
      const whole = Buffer.byteLength(text) < bytes - LONGEST_CHARACTER;
      const lines = text.split('\n');
      if (lines.at(-1) === '') lines.pop();
      return { atMs, lines: whole ? lines : lines.slice(1), cut: !whole, says: '' };
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      return { atMs, lines: [], cut: false, says: sentence(error, host) };
    }
  }

  async #text(host: HostView, bytes: number): Promise<string> {
    const link = this.#ports.link(host.id);
    if (link === null) throw new LinkError('unreachable', 'the host is not connected');
    for (let less = 0; ; less++) {
      try {
        const params = [-(bytes - less), 0];
        const call = { id: randomId('q'), method: 'supervisor.readLog', params, deadlineMs: WITHIN_MS };
        const text = await link.call({ ...call, looks: true });
        if (typeof text === 'string') return text;
        throw new LinkError('fault', 'it answered with something that is no text');
      } catch (error) {
        const isCut = error instanceof LinkError && error.kind === 'unknown' && less < LONGEST_CHARACTER - 1;
        if (!isCut || host.kind === 'agent') throw error;
      }
    }
  }
}

function sentence({ kind, faultCode, message }: LinkError, { name }: HostView): string {
  if (faultCode === FAULT_CODES.NO_FILE)
    return `the supervisor on ${name} writes no log file of its own (logfile= in its [supervisord] section)`;
  if (faultCode === FAULT_CODES.FAILED) return `the supervisor on ${name} cannot read its log: ${message}`;
  return kind === 'unreachable' ? `${name} does not answer: ${message}` : message;
}
