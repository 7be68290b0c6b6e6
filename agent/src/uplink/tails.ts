import type { LogFile } from '../logs/log-file.ts';
import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { formatNamespec } from '../protocol/namespec.ts';
import { type TailOpen, type TailPart, UPLINK_LIMITS } from '../protocol/uplink.ts';
import { Tail } from './tail.ts';

type Opened = { readonly ok: boolean; readonly says?: string };

/** The log tails one hub has open; none outlives its connection. */
export class Tails {
  readonly #supervisor: Supervisor;
  readonly #clock: Clock;
  readonly #tails = new Map<string, { readonly tail: Tail; readonly group: string }>();

  constructor(supervisor: Supervisor, clock: Clock) {
    this.#supervisor = supervisor;
    this.#clock = clock;
  }

  open(open: TailOpen, send: (part: TailPart) => void, answer: (opened: Opened) => void): void {
    const log = this.#logFor(open);
    if (typeof log === 'string') {
      answer({ ok: false, says: log });
      return;
    }
    const tail = new Tail(open, log, (part) => this.#forward(part, send), this.#clock);
    this.#tails.set(open.tailId, { tail, group: open.group });
    answer({ ok: true });
    tail.begin();
  }

  grant(tailId: string, bytes: number): void {
    this.#tails.get(tailId)?.tail.grant(bytes);
  }

  close(tailId: string): void {
    this.#tails.get(tailId)?.tail.close();
    this.#tails.delete(tailId);
  }

  closeAll(): void {
    for (const tailId of [...this.#tails.keys()]) this.close(tailId);
  }

  /** A group is gone, and its logs are no longer written. */
  endGroup(group: string, send: (part: TailPart) => void): void {
    for (const [tailId, open] of [...this.#tails]) {
      if (open.group !== group) continue;
      this.close(tailId);
      send({ tailId, kind: 'end', says: `the group ${group} was removed` });
    }
  }

  #forward(part: TailPart, send: (part: TailPart) => void): void {
    if (part.kind === 'end') this.#tails.delete(part.tailId);
    send(part);
  }

  /** The log, or why this tail cannot be. */
  #logFor({ tailId, group, process, channel }: TailOpen): LogFile | string {
    if (this.#tails.has(tailId)) return 'this tail is open already';
    if (this.#tails.size >= UPLINK_LIMITS.tails) return 'too many tails are open on this host';
    const found = this.#supervisor.group(group)?.process(process);
    const name = formatNamespec(group, process);
    if (found === undefined) return `there is no process ${name}`;
    const log = found.log(channel);
    if (log === null) return `${name} has no ${channel} log`;
    return log.readable ? log : `the ${channel} log of ${name} cannot be read back: ${log.path}`;
  }
}
