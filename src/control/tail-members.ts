import type { Channel } from '@fleetvisor/agent/protocol';
import type { Cancel } from '../clock.ts';
import type { HostView } from '../fleet/host.ts';
import type { TailLine } from '../fleet/log-line.ts';
import type { Problem } from '../fleet/problem.ts';
import { type ProcessView, processKey } from '../fleet/process.ts';
import { type Said, said } from '../fleet/said.ts';
import type { HostLink, LinkTail } from '../links/host-link.ts';
import type { FleetChange } from './fleet-state.ts';
import type { LineFilter } from './line-filter.ts';
import { noteOf, tailLines } from './log-tail.ts';
import type { Merge } from './merge.ts';
import type { Pace } from './pace.ts';
import { lastLinesFirst } from './past-lines.ts';
import type { TailNews, TailNewsDesk } from './tail-news.ts';
import {
  channelsOf,
  type LogTailsPorts,
  MOST_LAST_BYTES,
  MOST_SOURCES,
  NONE_NAMED,
  nameOf,
  type TailWish,
  type Wanted,
} from './tail-wish.ts';

const CLIENT_BYTES = 1024 * 1024;
const LEAST_WINDOW_BYTES = 8 * 1024;
/** A process that is gone from its host is given this long to have its last words read. */
const LAST_WORDS_MS = 2_000;

interface Member {
  readonly hostId: string;
  readonly name: string;
  readonly channel: Channel;
  readonly link: HostLink;
  readonly tail: LinkTail;
  /** The pid when the host ended the tail for a reason of its own; null: it runs. */
  endedAtPid: number | null;
  /** The link closed the tail without a word. */
  isOver: boolean;
  farewell: Said | null;
  cancelLeave: Cancel;
}

export interface TailPlan {
  readonly wanted: Wanted;
  readonly wish: TailWish;
  readonly filter: LineFilter | null;
  readonly pace: Pace;
  readonly merge: Merge<readonly TailLine[]>;
  readonly desk: TailNewsDesk;
}

type Fleet = Pick<FleetChange, 'hosts' | 'processes'>;
type From = 'the past' | 'now';

/** The logs a merged tail has open, kept to what its targets name. */
export class TailMembers {
  readonly #plan: TailPlan;
  readonly #ports: LogTailsPorts;
  readonly #members = new Map<string, Member>();
  readonly #hosts = new Map<string, HostView>();
  #saidFull = false;
  #unsubscribe: () => void = () => {};

  constructor(plan: TailPlan, ports: LogTailsPorts) {
    this.#plan = plan;
    this.#ports = ports;
  }

  /** Opens what is named now; why not, if there is nothing or too much of it. */
  begin(now: Fleet): Problem | null {
    for (const host of now.hosts) this.#hosts.set(host.id, host);
    const named = now.processes.filter((process) => this.#isWanted(process));
    const logs = named.flatMap((process) =>
      channelsOf(process, this.#plan.wish.channels).map((channel) => ({ process, channel })),
    );
    if (named.length === 0) return NONE_NAMED.process;
    if (logs.length === 0) return problem('none of the processes named has a log');
    if (logs.length > MOST_SOURCES)
      return problem(`names ${logs.length} logs; at most ${MOST_SOURCES} can be followed at once`);
    for (const { process, channel } of logs) this.#join(process, channel, 'the past', logs.length);
    if (this.#plan.wish.mode === 'follow')
      this.#unsubscribe = this.#plan.desk.news.add((news) => this.#follow(news));
    return null;
  }

  close(): void {
    this.#unsubscribe();
    for (const member of this.#members.values()) {
      member.cancelLeave();
      member.tail.close();
    }
    this.#members.clear();
  }

  #follow({ change, appeared }: TailNews): void {
    for (const host of change.hosts) this.#hostChanged(host);
    for (const id of change.goneHosts) this.#hostGone(id);
    for (const key of change.goneProcesses) this.#processGone(key);
    for (const process of appeared) this.#consider(process);
    for (const process of change.processes)
      for (const channel of this.#plan.wish.channels)
        if (this.#members.has(memberKey(process, channel))) this.#joinOrReturn(process, channel);
  }

  #hostChanged(host: HostView): void {
    const before = this.#hosts.get(host.id);
    this.#hosts.set(host.id, host);
    const same =
      before !== undefined &&
      before.name === host.name &&
      before.environment === host.environment &&
      before.tags.join() === host.tags.join();
    const link = this.#ports.link(host.id);
    const moved = [...this.#members.values()].some(
      (member) => member.hostId === host.id && member.link !== link,
    );
    if (same && !moved) return;
    for (const process of this.#ports.fleet.processesOf(host.id)) this.#consider(process);
  }

  #hostGone(id: string): void {
    const name = this.#hosts.get(id)?.name ?? id;
    this.#hosts.delete(id);
    for (const [key, member] of this.#members)
      if (member.hostId === id) this.#leave(key, said('tail.hostGone', { host: name }));
  }

  #processGone(key: string): void {
    for (const channel of this.#plan.wish.channels)
      this.#leave(`${key} ${channel}`, said('tail.processGone'));
  }

  #consider(process: ProcessView): void {
    const wanted = this.#isWanted(process);
    const key = processKey(process);
    const channels = channelsOf(process, this.#plan.wish.channels);
    for (const channel of this.#plan.wish.channels) {
      if (!wanted || !channels.includes(channel)) this.#leave(`${key} ${channel}`, said('tail.leftOut'));
      else this.#joinOrReturn(process, channel);
    }
  }

  #joinOrReturn(process: ProcessView, channel: Channel): void {
    const member = this.#members.get(memberKey(process, channel));
    if (member === undefined) this.#join(process, channel, 'the past', this.#members.size + 1);
    else if (member.link !== this.#ports.link(process.hostId)) this.#return(member, process);
    else if (member.farewell !== null) this.#return(member, process);
    else if (member.endedAtPid !== null && process.pid !== 0 && process.pid !== member.endedAtPid)
      this.#return(member, process);
  }

  /** The host's link is a new one, or the process was away: goes on with what is written from now on. */
  #return(member: Member, process: ProcessView): void {
    member.cancelLeave();
    this.#bid(member, said('tail.anew'));
    member.tail.close();
    this.#members.delete(memberKey(process, member.channel));
    this.#join(process, member.channel, 'now', this.#members.size + 1);
  }

  #join(process: ProcessView, channel: Channel, from: From, sources: number): void {
    const link = this.#ports.link(process.hostId);
    const host = this.#hosts.get(process.hostId);
    if (link === null || host === undefined) return;
    const name = nameOf(host, process);
    if (this.#members.size >= MOST_SOURCES) {
      this.#sayFull(name, channel);
      return;
    }
    const lastBytes = from === 'now' ? 0 : this.#lastBytes();
    const tail = link.tail({
      group: process.group,
      process: process.name,
      channel,
      lastBytes,
      follow: this.#plan.wish.mode === 'follow',
      windowBytes: Math.max(LEAST_WINDOW_BYTES, Math.floor(CLIENT_BYTES / sources)),
    });
    const member: Member = {
      hostId: host.id,
      name,
      channel,
      link,
      tail,
      endedAtPid: null,
      isOver: false,
      farewell: null,
      cancelLeave: () => {},
    };
    this.#members.set(memberKey(process, channel), member);
    this.#plan.merge.add(this.#linesOf(member, processKey(process), lastBytes));
  }

  #linesOf(member: Member, key: string, lastBytes: number): AsyncIterator<readonly TailLine[]> {
    const { filter, pace, wish } = this.#plan;
    const { clock, fleet } = this.#ports;
    const ended = (): void => {
      member.endedAtPid = fleet.process(key)?.pid ?? 0;
    };
    const farewell = (): Said | null => {
      member.isOver = true;
      return member.farewell;
    };
    const { name, channel, tail } = member;
    const lines = tailLines({ name, channel, tail, lastBytes, filter, pace, farewell, ended }, clock);
    if (wish.lines === undefined || lastBytes === 0) return lines;
    return lastLinesFirst(lines, { count: wish.lines, bytes: lastBytes, mode: wish.mode }, clock);
  }

  /** Few lines of the past are looked for in few bytes, unless a filter leaves most of them out. */
  #lastBytes(): number {
    const { wish, filter } = this.#plan;
    if (filter !== null && wish.lines !== undefined && wish.lines > 0) return MOST_LAST_BYTES;
    return Math.min(wish.lastBytes, MOST_LAST_BYTES);
  }

  /** Ends a tail with a note, after its last words. */
  #leave(key: string, told: Said): void {
    const member = this.#members.get(key);
    if (member === undefined || member.farewell !== null) return;
    this.#bid(member, told);
    const isLinkOpen = this.#ports.link(member.hostId) === member.link;
    member.cancelLeave = this.#ports.clock.after(isLinkOpen ? LAST_WORDS_MS : 0, () => {
      this.#members.delete(key);
      member.tail.close();
    });
  }

  /** Has the tail end with a sentence, also when it has ended already. */
  #bid(member: Member, told: Said): void {
    member.farewell = told;
    if (member.isOver) this.#say(member.name, member.channel, told);
  }

  #isWanted(process: ProcessView): boolean {
    const host = this.#hosts.get(process.hostId);
    return host !== undefined && this.#plan.wanted.has(host, process);
  }

  #sayFull(source: string, channel: Channel): void {
    if (this.#saidFull) return;
    this.#saidFull = true;
    this.#say(source, channel, said('tail.full', { n: MOST_SOURCES }));
  }

  #say(source: string, channel: Channel, told: Said): void {
    this.#plan.merge.push([noteOf({ source, channel, atMs: this.#ports.clock.wallMs() }, told)]);
  }
}

const memberKey = (process: ProcessView, channel: Channel): string => `${processKey(process)} ${channel}`;

function problem(says: string): Problem {
  return { where: 'target', says };
}
