import { closest } from './dom.ts';
import { tick } from './table-doing.ts';

const LONG_MS = 500;
const STILL_PX = 10;

let waiting: { readonly timer: number; readonly x: number; readonly y: number } | null = null;
let pressed = false;

function forget(): void {
  if (waiting !== null) clearTimeout(waiting.timer);
  waiting = null;
}

/** A long press ticks a row where there is no room for boxes. */
document.addEventListener('pointerdown', (event) => {
  forget();
  pressed = false;
  const key = closest(event.target, '#rows .row')?.dataset.key;
  if (event.pointerType === 'mouse' || key === undefined) return;
  const timer = setTimeout(() => {
    waiting = null;
    pressed = true;
    tick(key, false);
  }, LONG_MS);
  waiting = { timer: Number(timer), x: event.clientX, y: event.clientY };
});
document.addEventListener('pointermove', (event) => {
  if (waiting === null) return;
  if (Math.hypot(event.clientX - waiting.x, event.clientY - waiting.y) > STILL_PX) forget();
});
for (const name of ['pointerup', 'pointercancel', 'scroll'] as const)
  document.addEventListener(name, forget, { capture: true, passive: true });
document.addEventListener(
  'click',
  (event) => {
    if (!pressed) return;
    pressed = false;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
document.addEventListener('contextmenu', (event) => {
  if (pressed) event.preventDefault();
});
