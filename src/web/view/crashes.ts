import type { Crash } from '../../api/contract.ts';
import { clockOrDay, fullTime, roughly } from './format.ts';
import type { Reader } from './reader.ts';

const SHOWN = 20;

/** Crashes with their last lines, the newest first and open. */
export function crashList(crashes: readonly Crash[], reader: Reader): unknown {
  return crashes.slice(0, SHOWN).map((crash, at) => ({
    key: crash.id,
    number: at + 1,
    open: at === 0,
    time: clockOrDay(crash.atMs, reader),
    title: fullTime(crash.atMs, reader),
    ago: reader.say('time.ago', { time: roughly(Math.max(0, reader.nowMs - crash.atMs), reader) }),
    state: crash.state,
    cause: causeOf(crash, reader),
    last: crash.lastLines.at(-1) ?? '',
    lines: crash.lastLines,
  }));
}

function causeOf({ exitSignal, exitStatus, spawnError }: Crash, { say }: Reader): string {
  if (exitSignal !== null) return exitSignal;
  if (exitStatus !== null && exitStatus >= 0) return say('why.exit', { code: String(exitStatus) });
  return spawnError;
}
