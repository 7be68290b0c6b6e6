import type {
  Crash,
  Drift,
  EventPage,
  HostConfig,
  ProcessConfig,
  ProcessDetail,
  RestartSlot,
  SupervisorLog,
  Timeline,
  UsageSeries,
} from '../../api/contract.ts';
import { type Loaded, mapLoaded, type Read } from './loaded.ts';

export interface ProcessSubject {
  readonly host: string;
  readonly group: string;
  readonly process: string;
}

const HOUR_MS = 3_600_000;
/** Hosts are asked for it, but not all the time. */
const OF_A_HOST = { asksHost: true, freshMs: 60_000 } as const;
const name = encodeURIComponent;
const last = (hours: number): string => `?last=${hours * HOUR_MS}`;
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

export const processPath = ({ host, group, process }: ProcessSubject): string =>
  `/processes/${name(host)}/${name(`${group}:${process}`)}`;

/** What the pages of a process, a host and a group read beyond the live fleet. */
export const reads = {
  restarts: (): Read<readonly RestartSlot[]> => ({ path: '/restarts', freshMs: 60_000 }),
  timeline: (of: ProcessSubject, hours: number): Read<Timeline> => ({
    path: `${processPath(of)}/timeline${last(hours)}`,
  }),
  usage: (of: ProcessSubject, hours: number): Read<UsageSeries> => ({
    path: `${processPath(of)}/metrics${last(hours)}`,
  }),
  crashes: (of: ProcessSubject): Read<readonly Crash[]> => ({ path: `${processPath(of)}/crashes` }),
  detail: (of: ProcessSubject): Read<ProcessDetail> => ({ path: processPath(of) }),
  config: (of: ProcessSubject): Read<ProcessConfig> => ({
    path: `${processPath(of)}/config`,
    asksHost: true,
  }),
  hostTimeline: (host: string, hours: number): Read<Timeline> => ({
    path: `/hosts/${name(host)}/timeline${last(hours)}`,
  }),
  hostUsage: (host: string, hours: number): Read<UsageSeries> => ({
    path: `/hosts/${name(host)}/metrics${last(hours)}`,
  }),
  hostEvents: (host: string): Read<EventPage> => ({ path: `/events?selector=${name(`${host}/*:*`)}` }),
  hostConfig: (host: string): Read<HostConfig> => ({ path: `/hosts/${name(host)}/config`, ...OF_A_HOST }),
  hostLog: (host: string): Read<SupervisorLog> => ({
    path: `/hosts/${name(host)}/log`,
    asksHost: true,
    freshMs: 2_000,
  }),
  drift: (group: string): Read<Drift> => ({ path: `/groups/${name(group)}/drift`, ...OF_A_HOST }),
  groupEvents: (group: string): Read<EventPage> => ({
    path: `/events?kind=process&selector=${name(`${quoted(group)}:*`)}`,
  }),
} as const;

/** What came; null while it did not, or cannot. */
export function hereOf<T>(loaded: Loaded<T>): T | null {
  return mapLoaded<T, T | null>(loaded, (value) => value, null);
}
