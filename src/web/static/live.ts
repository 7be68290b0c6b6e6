import { io, type Socket } from 'socket.io-client';
import type { SignedIn } from '../../api/contract.ts';
import type { BrowserToHub, HubToBrowser } from '../../live/contract.ts';
import { ActionsHeard } from '../view/action-news.ts';
import { FleetParts } from '../view/fleet-parts.ts';
import { phrase } from '../view/problem-words.ts';
import { announce } from './dom.ts';
import { root } from './page-root.ts';
import { store } from './store.ts';

export type LiveSocket = Socket<HubToBrowser, BrowserToHub>;

/** This browser's line to the hub; reconnects by itself for as long as the page is open. */
export const socket: LiveSocket = io('/live', {
  path: `${root.base}/socket.io`,
  transports: ['websocket', 'polling'],
  reconnectionDelay: 500,
  reconnectionDelayMax: 5_000,
});

/** When the line was lost, by this machine's clock; null while it stands. */
export let offlineSinceMs: number | null = null;

export function watchFleet(onLine: () => void): void {
  socket.on('connect', () => {
    offlineSinceMs = null;
    socket.emit('watch');
    onLine();
  });
  socket.on('disconnect', () => {
    offlineSinceMs ??= Date.now();
    onLine();
  });
  socket.on('connect_error', (error) => {
    offlineSinceMs ??= Date.now();
    onLine();
    if (/sign|session|unauth/i.test(error.message)) void toSignIn('');
  });
  const parts = new FleetParts();
  socket.on('fleet', (part) => {
    const fleet = parts.take(part);
    if (fleet === null) return;
    store.snapshot(fleet);
    void lookAtRights();
  });
  socket.on('delta', (delta) => {
    if (!store.delta(delta)) socket.emit('watch');
  });
  socket.on('lately', (event) => store.lately(event));
  socket.on('action', (action) => store.action(action));
  const actions = new ActionsHeard();
  socket.on('action:news', (news) => {
    const action = actions.take(news);
    if (action !== null) store.action(action);
  });
  socket.on('signed-out', ({ says }) => {
    const words = phrase(says, root.language);
    announce(words);
    void toSignIn(words);
  });
}

/** A new snapshot may come because somebody's rights changed: what is offered follows. */
async function lookAtRights(): Promise<void> {
  const answer = await fetch(`${root.base}/api/v1/session`, {
    headers: { accept: 'application/json' },
  }).catch(() => null);
  if (!answer?.ok) return;
  const { role, rights }: SignedIn = await answer.json();
  root.role = role;
  root.rights = new Set(rights);
}

/** To the sign-in page and back here afterwards, unless the session still stands. */
export async function toSignIn(says: string): Promise<void> {
  const still = await fetch(`${root.base}/api/v1/session`, { headers: { accept: 'application/json' } }).catch(
    () => null,
  );
  if (still === null || still.ok) return;
  const next = `${location.pathname.slice(root.base.length)}${location.search}`;
  location.assign(
    `${root.base}/sign-in?next=${encodeURIComponent(next)}${says ? `&says=${encodeURIComponent(says)}` : ''}`,
  );
}
