import type { Action } from '../api/contract.ts';
import type { Clock } from '../clock.ts';
import type { ActionTarget } from '../fleet/action.ts';
import { countOutcomes, isFinal } from '../fleet/outcome.ts';
import { targetText } from '../fleet/target.ts';
import { CliFailure } from './failure.ts';
import { type HubApi, LOST_CODES } from './hub-api.ts';
import type { CliIo } from './io.ts';
import { OUTCOME_TONES, outcomeText } from './outcome-text.ts';
import { type Paint, paintFor } from './paint.ts';
import { shownTarget } from './shown-target.ts';

/** Why nobody follows an action any more, and the action as it stood then. */
export interface Followed {
  readonly why: 'finished' | 'timeout' | 'interrupted' | 'lost';
  readonly action: Action;
}

const AGAIN_MS = 1_000;
/** A hub that is restarted is back within that time. */
const LOST_FOR_MS = 60_000;

/**
 * Reports each step of an action to `show` until it is over, or the patience of whoever watches is. A hub that is
 * lost is looked for again: the action goes on with it.
 */
export async function followAction(
  started: Action,
  show: (action: Action) => void,
  { hub, io, clock, timeoutMs }: { hub: HubApi; io: CliIo; clock: Clock; timeoutMs: number | null },
): Promise<Followed> {
  const stop = new AbortController();
  let why: Followed['why'] = 'lost';
  const leave = (reason: Followed['why']) => () => {
    why = reason;
    stop.abort();
  };
  const deaf = io.onInterrupt(leave('interrupted'));
  const calm = timeoutMs === null ? () => {} : clock.after(timeoutMs, leave('timeout'));
  let action = started;
  let lostMs: number | null = null;
  try {
    for (;;) {
      try {
        for await (const step of hub.events<Action>(`/actions/${started.id}/events`, stop.signal)) {
          lostMs = null;
          action = step;
          show(step);
        }
      } catch (error) {
        if (!stop.signal.aborted && !isLost(error)) throw error;
      }
      if (stop.signal.aborted || action.finishedAtMs !== null) break;
      if (lostMs === null) io.note('the connection to the hub was lost; trying again');
      lostMs ??= clock.uptimeMs();
      if (clock.uptimeMs() - lostMs > LOST_FOR_MS) break;
      await orStopped(stop.signal, AGAIN_MS, clock);
    }
  } catch (error) {
    io.note(goesOn(action));
    throw error;
  } finally {
    deaf();
    calm();
  }
  return { why: action.finishedAtMs === null ? why : 'finished', action };
}

/** What to do about an action nobody watches any more. */
export const goesOn = ({ id }: Pick<Action, 'id'>): string =>
  `action ${id} goes on at the hub. See it with: fleetvisor actions ${id}  ` +
  `End it with: fleetvisor actions cancel ${id}`;

const isLost = (error: unknown): boolean =>
  error instanceof CliFailure
    ? error.exit === 'hubUnreachable'
    : error instanceof Error && 'code' in error && LOST_CODES.has(String(error.code));

function orStopped(stop: AbortSignal, ms: number, clock: Clock): Promise<void> {
  return new Promise((done) => {
    const cancel = clock.after(ms, done);
    stop.addEventListener('abort', () => {
      cancel();
      done();
    });
  });
}

/** Shows an action as it goes: on a terminal one line per target, drawn over; elsewhere one line when it is final. */
export function progressOn(io: CliIo): (action: Action) => void {
  const paint = paintFor(io);
  return io.outIsTerminal ? drawnOver(io, paint) : asTheyEnd(io, paint);
}

function asTheyEnd(io: CliIo, paint: Paint): (action: Action) => void {
  const told = new Set<string>();
  let batch = -1;
  return ({ targets, progress }) => {
    if (progress !== undefined && progress.batches > 1 && progress.batch > batch) {
      batch = progress.batch;
      io.note(`batch ${batch + 1} of ${progress.batches}`);
    }
    for (const target of targets) {
      const name = targetText(target);
      if (!isFinal(target.outcome) || told.has(name)) continue;
      told.add(name);
      io.line(lineOf(target, paint));
    }
  };
}

/** As many targets as fit the screen, those on the way and those in trouble first; the final lines stay in full. */
function drawnOver(io: CliIo, paint: Paint): (action: Action) => void {
  let drawn = 0;
  return (action) => {
    const fits = Math.max(1, io.rows - 2);
    const over = action.finishedAtMs !== null;
    const all = action.targets.length <= fits || over;
    const picked = all ? action.targets : [...action.targets].sort(byInterest).slice(0, fits - 1);
    const lines = picked.map((target) =>
      cut(
        lineOf(target, (_tone, text) => text),
        target,
        io.columns,
        paint,
      ),
    );
    if (!all) lines.push(`… ${action.targets.length - picked.length} more: ${countsText(action)}`);
    io.out(`${drawn === 0 ? '' : `\x1b[${drawn}A\r\x1b[J`}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
}

function cut(text: string, target: ActionTarget, columns: number, paint: Paint): string {
  const characters = [...text];
  const short = characters.length < columns ? text : `${characters.slice(0, columns - 2).join('')}…`;
  return paint(OUTCOME_TONES[target.outcome.kind], short);
}

function byInterest(a: ActionTarget, b: ActionTarget): number {
  const rank = ({ outcome: { kind } }: ActionTarget): number =>
    kind === 'done' || kind === 'cancelled' ? 2 : kind === 'waiting' ? 1 : 0;
  return rank(a) - rank(b);
}

function lineOf(target: ActionTarget, paint: Paint): string {
  const tone = OUTCOME_TONES[target.outcome.kind];
  return `${shownTarget(target)}: ${paint(tone, outcomeText(target.outcome))}`;
}

/** `8 done, 1 failed`. */
export function countsText(action: Action): string {
  const counts = Object.entries(countOutcomes(action)).filter(([, count]) => count > 0);
  return counts.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing to do';
}
