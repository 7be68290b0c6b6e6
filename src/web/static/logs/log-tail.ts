import type { TailLine } from '../../../api/contract.ts';
import type { BrowserToHub, TailOpened } from '../../../live/contract.ts';
import { socket } from '../live.ts';

export interface Tail {
  close(): void;
}

/** What to follow: everything of `tail:open` but its number. */
export type TailWish = Omit<Parameters<BrowserToHub['tail:open']>[0], 'tailId'>;

export interface TailHooks {
  opened(): void;
  /** The line to the hub was lost and is back: the tail begins anew. */
  again(): void;
  lines(lines: readonly TailLine[], skipped: number): void;
  refused(why: TailOpened): void;
  ended(says: string): void;
}

let made = 0;

/** Follows until closed; opens again by itself when the hub was away. */
export function openTail(wish: TailWish, hooks: TailHooks): Tail {
  let tailId = '';
  const open = (): void => {
    made += 1;
    tailId = `t${made}`;
    socket.emit('tail:open', { tailId, ...wish }, (answer) =>
      answer.ok ? hooks.opened() : hooks.refused(answer),
    );
  };
  const reopen = (): void => {
    if (tailId !== '') hooks.again();
    open();
  };
  const onLines = (came: { tailId: string; lines: readonly TailLine[]; skipped: number }): void => {
    if (came.tailId !== tailId) return;
    hooks.lines(came.lines, came.skipped);
    socket.emit('tail:credit', { tailId, lines: came.lines.length });
  };
  const onEnd = (ended: { tailId: string; says: string }): void => {
    if (ended.tailId === tailId) hooks.ended(ended.says);
  };
  socket.on('tail:lines', onLines);
  socket.on('tail:end', onEnd);
  socket.on('connect', reopen);
  if (socket.connected) open();
  return {
    close() {
      socket.off('tail:lines', onLines);
      socket.off('tail:end', onEnd);
      socket.off('connect', reopen);
      if (socket.connected && tailId !== '') socket.emit('tail:close', { tailId });
    },
  };
}
