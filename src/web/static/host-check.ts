import type { ConnectionTest, JoinToken } from '../../api/contract.ts';
import { roughly } from '../view/format.ts';
import { checkView } from '../view/host-check.ts';
import { call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce, closest } from './dom.ts';
import { draw, html } from './draw.ts';
import { root, say } from './page-root.ts';
import { reader } from './screen.ts';
import { store } from './store.ts';

/** Goes the way to a host once and shows each step in the page. */
onDo('check-host', async (on) => {
  if (!(on instanceof HTMLButtonElement)) return;
  const { id = '', name = '' } = on.dataset;
  on.disabled = true;
  const answer = await call<ConnectionTest>('POST', `/hosts/${encodeURIComponent(id)}/test`, {});
  on.disabled = false;
  const place = document.querySelector('[data-own="check"]');
  const host = store.world?.hosts.find((one) => one.id === id);
  if (!answer.ok) return announce(Object.values(problemWords(answer.problem)).join(' '));
  if (place === null || host === undefined) return announce(name);
  const checked = { atMs: store.nowMs, test: answer.value };
  draw(place, html('partials/check-steps', { check: checkView(host, checked, reader()) }));
});

/** Makes the one line that installs an agent, good for one host, in the place of the button. */
onDo('make-join-line', async (on) => {
  const place = closest(on, '[data-own="join-line"]');
  if (place === null) return;
  const answer = await call<JoinToken>('POST', '/join-tokens', { uses: 1 });
  if (!answer.ok) return draw(place, html('partials/join-line', { problem: problemWords(answer.problem) }));
  const { token, uses, expiresAtMs } = answer.value;
  const line = `curl -fsSL ${location.origin}${root.base}/install | sudo sh -s -- --token ${token} --takeover`;
  const says = say('add.uses', { n: uses, time: roughly(expiresAtMs - store.nowMs, reader()) });
  draw(place, html('partials/join-line', { line, says }));
});
