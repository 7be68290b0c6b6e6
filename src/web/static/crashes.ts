import type { Crash } from '../../api/contract.ts';
import { crashList } from '../view/crashes.ts';
import { call } from './api.ts';
import { draw, html } from './draw.ts';
import { reader } from './screen.ts';

const asked = new WeakSet<Element>();

/** Fills the crash list of a process page; a newer crash makes a new element, which asks again. */
export function drawCrashes(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-crashes]')) {
    if (asked.has(element)) continue;
    asked.add(element);
    void fill(element, element.dataset.crashes ?? '');
  }
}

async function fill(element: HTMLElement, path: string): Promise<void> {
  const answer = await call<Crash[]>('GET', `/processes/${path}/crashes`);
  if (!answer.ok || answer.value.length === 0 || !element.isConnected) return;
  draw(element, html('partials/crash-list', { crashes: crashList(answer.value, reader()) }));
}
