import { install } from 'fleetvisor:templates';
import { create } from 'handlebars/dist/cjs/handlebars.runtime.js';
import { rendererOf } from '../templates.ts';
import { morph } from './morph.ts';
import { root, say } from './page-root.ts';

const render = rendererOf(create(), install);

/** The same template the server used, as HTML. Every value in it is escaped. */
export function html(template: string, model: unknown): string {
  return render(template, model, { say, base: root.base, assets: {} });
}

const drawn = new WeakMap<Element, string>();

/** Changes an element's children into what the HTML says, keeping focus, scroll and what did not change. */
export function draw(into: Element, text: string): void {
  if (drawn.get(into) === text) return;
  drawn.set(into, text);
  const wanted = document.createElement('template');
  wanted.innerHTML = text;
  morph(into, wanted.content);
}
