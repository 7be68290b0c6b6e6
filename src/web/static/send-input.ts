import type { SentInput } from '../../api/contract.ts';
import { clockTime } from '../view/format.ts';
import { call, problemWords } from './api.ts';
import { closest } from './dom.ts';
import { draw, html } from './draw.ts';
import { say } from './page-root.ts';
import { reader } from './screen.ts';
import { store } from './store.ts';

document.addEventListener('submit', (event) => {
  const form = closest(event.target, '#send-input');
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  void send(form);
});

async function send(form: HTMLFormElement): Promise<void> {
  const field = form.elements.namedItem('text');
  const newline = form.elements.namedItem('newline');
  const told = form.querySelector('.input-told');
  if (!(field instanceof HTMLTextAreaElement) || told === null) return;
  const text = field.value + (newline instanceof HTMLInputElement && newline.checked ? '\n' : '');
  if (text === '') return;
  const answer = await call<SentInput>('POST', form.dataset.path ?? '', { text });
  if (!answer.ok) return draw(told, html('partials/input-told', { problem: problemWords(answer.problem) }));
  const time = clockTime(store.nowMs, reader());
  draw(told, html('partials/input-told', { sent: say('input.sent', { n: answer.value.bytes, time }) }));
  field.value = '';
  field.focus();
}
