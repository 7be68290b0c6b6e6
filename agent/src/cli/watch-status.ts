import { formatNamespec } from '../protocol/index.ts';
import type { ProcessRow } from './answers.ts';
import { EXIT, type ExitStatus } from './exit-status.ts';
import { type Picked, statusLines } from './status-lines.ts';
import { neutralised } from './terminal-text.ts';
import { unexpectedLine } from './unexpected.ts';
import type { Session } from './verb.ts';

const EVERY_MS = 1000;
const HOME_AND_CLEAR = '\x1b[H\x1b[J';

/**
 * Shows status until Ctrl-C: on a terminal the table is drawn anew, elsewhere only what changed is printed.
 * A server that goes away is shown as an error and tried again.
 */
export async function watchStatus(session: Session, fetch: () => Promise<Picked>): Promise<ExitStatus> {
  const stopped = new AbortController();
  const deaf = session.io.onInterrupt(() => stopped.abort());
  const show = session.report.redrawable ? redraw(session) : changes(session);
  try {
    while (!stopped.signal.aborted) {
      show(await fetch().catch((error: unknown) => unexpectedLine(error)));
      await rest(session, stopped.signal);
    }
  } finally {
    deaf();
  }
  return EXIT.success;
}

/** Draws the whole table from the top of the screen. */
function redraw({ io }: Session): (seen: Picked | string) => void {
  return (seen) => {
    const lines = typeof seen === 'string' ? [seen] : [...unknownLines(seen), ...statusLines(seen.rows)];
    io.out(`${HOME_AND_CLEAR}${lines.map(neutralised).join('\n')}\n`);
  };
}

/** Prints rows whose state, pid or existence changed; the first time all of them. */
function changes({ report }: Session): (seen: Picked | string) => void {
  let before = new Map<string, string>();
  let trouble = '';
  return (seen) => {
    if (typeof seen === 'string') {
      if (seen !== trouble) report.line(seen, { error: seen });
      trouble = seen;
      return;
    }
    trouble = '';
    const now = new Map(seen.rows.map((row) => [keyOf(row), `${row.stateName} ${row.pid}`]));
    for (const line of before.size === 0 ? unknownLines(seen) : []) report.line(line, { error: line });
    const fresh = seen.rows.filter((row) => before.get(keyOf(row)) !== now.get(keyOf(row)));
    for (const [index, line] of statusLines(fresh).entries()) report.line(line, fresh[index]?.raw);
    for (const gone of before.keys()) {
      if (!now.has(gone)) report.line(`${gone}: removed`, { name: gone, change: 'removed' });
    }
    before = now;
  };
}

function unknownLines({ unknown }: Picked): string[] {
  return unknown.map(({ name, says }) => `${name}: ERROR (${says})`);
}

function keyOf({ group, name }: ProcessRow): string {
  return formatNamespec(group, name);
}

function rest({ clock }: Session, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(EVERY_MS, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}
