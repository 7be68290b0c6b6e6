import { listed, roughly } from './format.ts';
import type { Reader } from './reader.ts';
import { failureWords } from './sentence.ts';
import type { Member } from './world.ts';

/** The cause in a row: what happened in bold, then its last words. */
export interface Why {
  readonly strong: string;
  readonly rest: string;
  /** True when `rest` is a line the child wrote itself. */
  readonly spoken: boolean;
}

/** `exit 1` or `SIGKILL`; empty while it never ended. */
export function exitWords({ process }: Member, { say }: Reader): string {
  if (process.exitSignal !== null) return process.exitSignal;
  if (process.exitStatus === null) return '';
  if (process.exitStatus < 0) return say('why.signal');
  return say('why.exit', { code: String(process.exitStatus) });
}

/** The last end as the exit column has it: `1`, `SIGKILL`; `–` when it never ended or nobody knows how. */
export function exitFigure({ process }: Member, { say }: Reader): string {
  if (process.exitSignal !== null) return process.exitSignal;
  if (process.exitStatus === null) return '–';
  return process.exitStatus < 0 ? say('exit.signal') : String(process.exitStatus);
}

/** supervisord's words for a start that did not live through startsecs: not a program that cannot be started. */
export function isTooQuick(spawnError: string): boolean {
  return spawnError.startsWith('Exited too quickly');
}

/** An agent's words for the end of a child that an agent before it had started, where no kernel tells it. */
function isEndUnknown(spawnError: string): boolean {
  return spawnError === 'Exit status unknown';
}

export function lastWords({ process }: Member): string {
  const lines = process.crash?.lines ?? [];
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
}

export function whyOf(member: Member, reader: Reader): Why | null {
  const { process, mark } = member;
  const { say } = reader;
  if (mark === 'stale') return { strong: '', rest: hostWhy(member, reader), spoken: false };
  const words = lastWords(member);
  if (mark === 'flapping') {
    const restarts = say('why.restarts20', { n: process.restarts });
    const exit = exitWords(member, reader);
    if (exit === '' && words !== '') return { strong: restarts, rest: words, spoken: true };
    return { strong: exit, rest: listed([restarts, words], reader), spoken: words !== '' };
  }
  if (mark === 'fatal' || mark === 'backoff' || mark === 'crashed') {
    if (isTooQuick(process.spawnError) && exitWords(member, reader) === '')
      return { strong: say('why.tooQuick'), rest: words, spoken: words !== '' };
    if (isEndUnknown(process.spawnError))
      return { strong: say('why.endUnknown'), rest: words, spoken: words !== '' };
    if (process.spawnError && process.exitStatus === null && words === '')
      return { strong: say('why.spawn'), rest: process.spawnError, spoken: false };
    const tries = mark === 'backoff' && process.tries !== null ? say('why.try', { n: process.tries }) : '';
    return {
      strong: exitWords(member, reader),
      rest: listed([words || process.spawnError, tries], reader),
      spoken: words !== '',
    };
  }
  if (mark === 'exited') return { strong: '', rest: exitWords(member, reader), spoken: false };
  if (mark === 'starting' && process.restarts > 0)
    return { strong: '', rest: say('why.again', { n: process.restarts }), spoken: false };
  return null;
}

function hostWhy({ host }: Member, reader: Reader): string {
  return host.reachability.kind === 'unreachable'
    ? failureWords(host.reachability.failure, reader).cause
    : '';
}

/** What the uptime column says in every state. */
export function timeInState(
  member: Member,
  reader: Reader,
  running: (ms: number) => string,
): { text: string; strong: boolean } {
  const { process, host, mark } = member;
  const { nowMs, say } = reader;
  const inStateMs = nowMs - process.sinceMs;
  if (mark === 'stale')
    return {
      text: say('time.ago', { time: roughly(nowMs - (host.lastSeenMs ?? nowMs), reader) }),
      strong: false,
    };
  if (mark === 'running' || mark === 'flapping')
    return { text: running(nowMs - (process.startedAtMs || process.sinceMs)), strong: true };
  if (mark === 'backoff') return backoffTime(member, reader);
  if (mark === 'starting' && process.startMs !== null && process.startMs > 0) {
    return {
      text: say('time.of', { n: Math.floor(inStateMs / 1000), all: Math.round(process.startMs / 1000) }),
      strong: false,
    };
  }
  if (mark === 'starting' || mark === 'stopping') return { text: roughly(inStateMs, reader), strong: false };
  if (mark === 'stopped' && process.startedAtMs === 0 && process.stoppedAtMs === 0)
    return { text: say('time.never'), strong: false };
  return {
    text: say(mark === 'exited' || mark === 'stopped' ? 'time.since' : 'time.down', {
      time: roughly(inStateMs, reader),
    }),
    strong: false,
  };
}

function backoffTime({ process }: Member, reader: Reader): { text: string; strong: boolean } {
  const { nowMs, say } = reader;
  if (process.retryAtMs === null) return { text: roughly(nowMs - process.sinceMs, reader), strong: false };
  const leftS = Math.max(0, Math.ceil((process.retryAtMs - nowMs) / 1000));
  return { text: leftS === 0 ? say('time.retryNow') : say('time.retryIn', { n: leftS }), strong: false };
}
