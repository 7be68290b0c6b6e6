import type { LatelyEvent } from '../../live/contract.ts';
import { clockOrDay, fullTime } from './format.ts';
import type { Reader } from './reader.ts';

export interface LatelyLine {
  readonly key: string;
  readonly time: string;
  readonly timeTitle: string;
  readonly glyph: string;
  readonly title: string;
  readonly detail: string;
  readonly link: string;
}

const GLYPHS: Readonly<Record<string, string>> = {
  FATAL: 'fatal',
  BACKOFF: 'backoff',
  STARTING: 'starting',
  STOPPING: 'stopping',
  STOPPED: 'stopped',
  EXITED: 'exited',
  RUNNING: 'running',
  UNKNOWN: 'unknown',
  flapping: 'flapping',
  crashed: 'crashed',
  unreachable: 'unreachable',
  reachable: 'running',
};

export function latelyLines(events: readonly LatelyEvent[], reader: Reader, most: number): LatelyLine[] {
  return events.slice(0, most).map((event) => ({
    key: String(event.id),
    time: clockOrDay(event.atMs, reader),
    timeTitle: fullTime(event.atMs, reader),
    glyph: GLYPHS[event.mark] ?? 'dash',
    title: event.title,
    detail: event.detail,
    link: event.link,
  }));
}
