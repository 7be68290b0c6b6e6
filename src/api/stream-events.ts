import { whileAllowed } from '../accounts/recheck.ts';
import type { EventFeed, EventStep, EventWish } from '../control/event-feed.ts';
import { checkPart } from './check-answer.ts';
import type { Call } from './route.ts';
import { type LineStreamPorts, write } from './stream-lines.ts';

const COMMENT_EVERY_MS = 15_000;

/**
 * Server-sent events `event`, each with its number as id; `gap` when what was asked for is not there any more.
 * Reads no faster than the client takes them, and goes on exactly after the number the client comes back with.
 */
export async function streamEvents(
  feed: EventFeed,
  wish: EventWish,
  after: number | null,
  { call: { res, proof }, accounts, clock }: LineStreamPorts & { readonly call: Call },
): Promise<void> {
  res
    .status(200)
    .set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  res.flushHeaders();
  const stop = new AbortController();
  res.on('close', () => stop.abort());
  const cancelCheck = whileAllowed({ proof, right: 'see-fleet' }, accounts, clock, () => {
    stop.abort();
    if (res.writableNeedDrain) res.destroy(); // it does not read: it would never see the end
  });
  let cursor = after;
  let cancelComment = clock.after(COMMENT_EVERY_MS, function comment() {
    // an id alone moves the client's own number on, past what it did not ask for
    if (!res.writableNeedDrain) res.write(cursor === null ? ':\n\n' : `id: ${cursor}\n:\n\n`);
    cancelComment = clock.after(COMMENT_EVERY_MS, comment);
  });
  try {
    for await (const step of feed.follow(wish, after, stop.signal)) {
      for (const event of step.events) checkPart(res, event);
      const text = textOf(step);
      if (text !== '' && !(await write(res, text))) break;
      cursor = step.cursor;
    }
  } finally {
    cancelComment();
    cancelCheck();
    res.end();
  }
}

function textOf({ events, cursor, gap }: EventStep): string {
  const lost =
    gap === undefined ? '' : `id: ${cursor}\nevent: gap\ndata: ${JSON.stringify({ says: gap })}\n\n`;
  return (
    lost + events.map((event) => `id: ${event.id}\nevent: event\ndata: ${JSON.stringify(event)}\n\n`).join('')
  );
}
