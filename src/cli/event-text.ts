import type { FleetEvent } from '../api/contract.ts';
import { exitText } from './describe-process.ts';
import { stampText } from './durations.ts';
import { type Paint, STATE_TONES, type Tone } from './paint.ts';
import { oneLine } from './terminal-text.ts';

const HOST_TONES: Readonly<Record<string, Tone>> = { reachable: 'good', unreachable: 'away' };

/** One event as a line: `2026-11-23 01:10:00  web-01/web:api  EXITED  exit 1, crashed`. */
export function eventText(event: FleetEvent, paint: Paint): string {
  const what = event.kind === 'host' ? event.host : `${event.host}/${event.group}:${event.process}`;
  const tone = event.kind === 'host' ? (HOST_TONES[event.state] ?? 'quiet') : STATE_TONES[event.state];
  const why = event.kind === 'host' ? event.says : reasonOf(event);
  const line = `${stampText(event.atMs)}  ${oneLine(what)}  ${paint(tone, event.state)}  ${oneLine(why)}`;
  return line.trimEnd();
}

function reasonOf(event: Extract<FleetEvent, { kind: 'process' }>): string {
  const parts = [
    event.spawnError,
    event.pid === 0 ? exitText(event) : `pid ${event.pid}`,
    event.restarted ? 'restarted unasked' : '',
    event.crashed && event.pid === 0 ? 'crashed' : '',
    event.lastLines?.at(-1) ?? '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
