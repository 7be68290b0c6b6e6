import { hourMinute } from '../view/format.ts';
import { offlineSinceMs, socket } from './live.ts';
import { say } from './page-root.ts';
import { reader } from './screen.ts';
import { store } from './store.ts';

/** The dot at the right of the fleet line: live, which takes a fleet to show, or since when not. */
export function drawLive(): void {
  const line = document.querySelector('.live');
  const words = line?.querySelector('.live-says');
  if (!line || !words) return;
  const off = offlineSinceMs !== null;
  const on = socket.connected && store.world !== null;
  line.classList.toggle('on', on);
  line.classList.toggle('off', off);
  const text = off ? offlineWords(offlineSinceMs ?? 0) : say(on ? 'live.live' : 'live.connecting');
  if (words.textContent !== text) words.textContent = text;
}

/** What is shown is as old as the silence, unless the hub itself was behind. */
function offlineWords(sinceMs: number): string {
  const time = hourMinute(store.nowMs - (Date.now() - sinceMs), reader());
  const shown = hourMinute(store.atMs || store.nowMs, reader());
  return time === shown ? say('live.offlineSince', { time }) : say('live.offline', { time, shown });
}
