import type { ProcessStateEvent } from '../events/event.ts';
import type { LogFile } from '../logs/log-file.ts';
import type { Process } from '../process/supervisor.ts';
import { UPLINK_LIMITS } from '../protocol/uplink.ts';

/** The last words of a process that ended as nobody asked for, newest last; null when it has none or did not crash. */
export function crashLines(event: ProcessStateEvent, process: Process): readonly string[] | null {
  if (!isCrash(event)) return null;
  for (const log of [process.log('stderr'), process.log('stdout')]) {
    const lines = log === null ? [] : lastLines(log);
    if (lines.length > 0) return lines;
  }
  return null;
}

function isCrash({ to, expected, exit }: ProcessStateEvent): boolean {
  if (to === 'EXITED') return !expected;
  return (to === 'BACKOFF' || to === 'FATAL') && exit !== null;
}

function lastLines(log: LogFile): string[] {
  const lines = endOf(log).toString('utf8').split('\n');
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  return lines.slice(-UPLINK_LIMITS.lastLines).map((line) => line.replace(/\r$/, ''));
}

function endOf(log: LogFile): Buffer {
  try {
    const size = log.readable ? (log.size() ?? 0) : 0;
    const length = Math.min(size, UPLINK_LIMITS.lastLinesBytes);
    return length === 0 ? Buffer.alloc(0) : log.read(size - length, length);
  } catch {
    return Buffer.alloc(0); // a log that cannot be read takes nothing from the news of the crash
  }
}
