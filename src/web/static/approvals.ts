import type { Action } from '../../api/contract.ts';
import { call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { announce } from './dom.ts';
import { redraw } from './screen.ts';
import { store } from './store.ts';

onDo('approve-action', (on) => void decide(on.dataset.id ?? '', 'approve', {}));

onDo('decline-action', (on) => {
  const reason = on.closest('.approval')?.querySelector('input')?.value ?? '';
  void decide(on.dataset.id ?? '', 'decline', { reason });
});

async function decide(id: string, decision: 'approve' | 'decline', body: object): Promise<void> {
  const answer = await call<Action>('POST', `/actions/${encodeURIComponent(id)}/${decision}`, body);
  if (answer.ok) store.action(answer.value);
  else announce(Object.values(problemWords(answer.problem)).join(' '));
  redraw();
}
