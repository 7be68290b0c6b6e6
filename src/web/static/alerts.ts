import type { Alert } from '../../api/contract.ts';
import { ALERT_LISTS, alertReads } from '../view/alerts/reads.ts';
import { type Answer, call } from './api.ts';
import { stale, told } from './asked.ts';
import { onDo } from './doers.ts';
import { tell } from './dom.ts';
import { doNow, field, openForm } from './form-sheet.ts';
import { socket } from './live.ts';
import { say } from './page-root.ts';

/** However many alerts open at once: their list is asked for so often at most. */
const EVERY_MS = 1_000;
let asksSoon = false;

socket.on('alerts', ({ counts, changed }) => {
  told(alertReads.counts(), { alerts: [], counts, next: null });
  if (changed.length === 0 || asksSoon) return;
  asksSoon = true;
  setTimeout(() => {
    asksSoon = false;
    stale(...ALERT_LISTS);
  }, EVERY_MS);
});

onDo('ack-alert', (on) => {
  const ids = (on.dataset.ids ?? '').split(' ').filter(Boolean);
  const { name = '' } = on.dataset;
  const n = ids.length;
  openForm<Alert | null>({
    template: 'partials/fields-sheet',
    model: () => ({
      icon: 'check',
      title: say('alerts.ackTitle', { n }),
      text: say('alerts.ackText', { n }),
      subject: name,
      button: say('alerts.ackButton', { n }),
      fields: 'ack',
    }),
    send: (given) => acknowledge(ids, field(given, 'note')),
    done() {
      stale(...ALERT_LISTS);
      tell(say('alerts.acked', { n }));
    },
  });
});

/** One after the other; the first that is refused ends it. */
async function acknowledge(ids: readonly string[], note: string): Promise<Answer<Alert | null>> {
  let answer: Answer<Alert | null> = { ok: true, value: null, etag: null };
  for (const id of ids) {
    answer = await call<Alert>('POST', `/alerts/${id}/acknowledge`, { note });
    if (!answer.ok) break;
  }
  return answer;
}

onDo('unack-alert', (on) => {
  void doNow(call<Alert>('POST', `/alerts/${on.dataset.id}/unacknowledge`, {}), () => {
    stale(...ALERT_LISTS);
    tell(say('alerts.unacked'));
  });
});
