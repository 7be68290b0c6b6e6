import { linkTo } from '../view/links.ts';
import { onDo } from './doers.ts';
import { byId } from './dom.ts';
import { LogView } from './logs/log-view.ts';
import { stateOf } from './page-logs.ts';

const KEY = 'fv_drawer';
const SHORTEST_PX = 120;
let view: LogView | null = null;

/** The tail at the bottom of whatever page is open. */
export function openDrawer(target: string): void {
  const drawer = byId('drawer');
  view?.close();
  drawer.hidden = false;
  const handle = Object.assign(document.createElement('div'), { className: 'drawer-edge' });
  const body = document.createElement('div');
  body.className = 'drawer-body';
  drawer.replaceChildren(handle, body);
  handle.addEventListener('pointerdown', (event) => drag(handle, event));
  resize(Number(localStorage.getItem(KEY)) || 212);
  view = new LogView(body, {
    state: stateOf([target]),
    kind: 'drawer',
    link: linkTo.logsOf([target]),
    title: target,
    colourOf: () => 0,
  });
}

export function drawerIsOpen(): boolean {
  return view !== null;
}

export function closeDrawer(): void {
  view?.close();
  view = null;
  byId('drawer').hidden = true;
  byId('drawer').replaceChildren();
  document.documentElement.style.setProperty('--drawer', '0px');
}

function resize(px: number): void {
  const height = Math.round(Math.max(SHORTEST_PX, Math.min(px, innerHeight - 160)));
  document.documentElement.style.setProperty('--drawer', `${height}px`);
  localStorage.setItem(KEY, String(height));
}

function drag(handle: HTMLElement, event: PointerEvent): void {
  handle.setPointerCapture(event.pointerId);
  const move = (moved: PointerEvent): void => resize(innerHeight - moved.clientY);
  handle.addEventListener('pointermove', move);
  handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
    once: true,
  });
}

onDo('tail', (on) => openDrawer(on.dataset.target ?? ''));
onDo('close-drawer', closeDrawer);
