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

/** What an event is about, read from its link. */
export function isAbout(
  event: LatelyEvent,
  place: { readonly host?: string; readonly group?: string; readonly process?: string },
): boolean {
  const [, kind, host = '', namespec = ''] = event.link.split('/').map(decoded);
  const colon = namespec.indexOf(':');
  if (kind === 'hosts') return place.group === undefined && host === place.host;
  if (kind !== 'processes') return false;
  return (
    (place.host === undefined || place.host === host) &&
    (place.group === undefined || place.group === namespec.slice(0, colon)) &&
    (place.process === undefined || place.process === namespec.slice(colon + 1))
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // then it names nothing here
  }
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
