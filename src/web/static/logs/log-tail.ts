import type { TailLine } from '../../../api/contract.ts';
import type { BrowserToHub, TailOpened } from '../../../live/contract.ts';
import { phrase } from '../../view/problem-words.ts';
import { sentence } from '../../view/sentence.ts';
import { socket } from '../live.ts';
import { root } from '../page-root.ts';
import { reader } from '../screen.ts';
import { LateLogs } from './late-logs.ts';

export interface Tail {
  close(): void;
}

/** What to follow: everything of `tail:open` but its number. */
export type TailWish = Omit<Parameters<BrowserToHub['tail:open']>[0], 'tailId'>;

export interface TailHooks {
  opened(): void;
  /** The line to the hub was lost. */
  away(): void;
  /** The line to the hub was lost and is back: the tail begins anew. */
  again(): void;
  lines(lines: readonly TailLine[], skipped: number): void;
  refused(why: TailOpened): void;
  ended(says: string): void;
}

let made = 0;

const refusalWords = ({ says = '', hint = '' }: TailOpened): string =>
  [says, hint]
    .map((part) => phrase(part, root.language))
    .filter(Boolean)
    .join(root.language === 'zh' ? '。' : '. ');
/** A hub that was away hears of its hosts one after the other: so often it is asked again for what it does not know yet. */
const AGAIN_MS = { known: 500, never: 3_000 };

/** Follows until closed; opens again by itself when the hub was away, as soon as it knows again what is followed. */
export function openTail(wish: TailWish, hooks: TailHooks): Tail {
  let tailId = '';
  let wasOpen = false;
  let waits = 0;
  const late = new LateLogs((lines) => hooks.lines(lines, 0));
  const open = (): void => {
    made += 1;
    const asked = `t${made}`;
    tailId = asked;
    socket.emit('tail:open', { tailId, ...wish }, (answer) => {
      if (tailId !== asked) return;
      if (answer.ok) {
        if (wasOpen) {
          late.again();
          hooks.again();
        }
        wasOpen = true;
        return hooks.opened();
      }
      hooks.refused({ ...answer, says: refusalWords(answer) });
      if (answer.where !== 'regex') waits = window.setTimeout(open, AGAIN_MS[wasOpen ? 'known' : 'never']);
    });
  };
  const reopen = (): void => {
    window.clearTimeout(waits);
    open();
  };
  const onLines = (came: { tailId: string; lines: readonly TailLine[]; skipped: number }): void => {
    if (came.tailId !== tailId) return;
    hooks.lines(late.take(came.lines), came.skipped);
    socket.emit('tail:credit', { tailId, lines: came.lines.length });
  };
  const onEnd = (ended: { tailId: string; says: string }): void => {
    if (ended.tailId === tailId) hooks.ended(sentence(undefined, ended.says, reader()));
  };
  const onAway = (): void => {
    window.clearTimeout(waits);
    hooks.away();
  };
  socket.on('tail:lines', onLines);
  socket.on('tail:end', onEnd);
  socket.on('connect', reopen);
  socket.on('disconnect', onAway);
  if (socket.connected) open();
  return {
    close() {
      late.close();
      window.clearTimeout(waits);
      socket.off('tail:lines', onLines);
      socket.off('tail:end', onEnd);
      socket.off('connect', reopen);
      socket.off('disconnect', onAway);
      if (socket.connected && tailId !== '') socket.emit('tail:close', { tailId });
      tailId = ''; // what is answered from now on is for nobody
    },
  };
}
