import type { HubSettings, ProtectedEnvironment } from '../../../api/contract.ts';
import { call, isConflict, problemWords } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { announce } from '../dom.ts';
import { doNow } from '../form-sheet.ts';
import { say } from '../page-root.ts';

onDo('protect', (on) => {
  const { name = '', asks = '' } = on.dataset;
  const shown =
    on.parentElement?.querySelector<HTMLElement>('[aria-pressed="true"]')?.dataset.asks ?? 'nothing';
  void doNow(call<HubSettings>('GET', '/settings'), ({ protectedEnvironments }, etag) => {
    const now = protectedEnvironments.find(({ environment }) => environment === name)?.asks ?? 'nothing';
    if (now !== shown && now !== asks) return lookAgain();
    const others = protectedEnvironments.filter(({ environment }) => environment !== name);
    void save(
      { protectedEnvironments: isAsked(asks) ? [...others, { environment: name, asks }] : others },
      etag,
    );
  });
});

const isAsked = (asks: string): asks is ProtectedEnvironment['asks'] =>
  asks === 'typed' || asks === 'second-person';

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.minutes !== undefined) void saveMinutes(target);
});

async function saveMinutes(select: HTMLSelectElement): Promise<void> {
  const shown = [...select.options].find(({ defaultSelected }) => defaultSelected)?.value;
  await doNow(call<HubSettings>('GET', '/settings'), ({ approvalMinutes }, etag) => {
    const isOther = String(approvalMinutes) !== shown && String(approvalMinutes) !== select.value;
    if (isOther) return lookAgain();
    void save({ approvalMinutes: Number(select.value) }, etag);
  });
}

async function save(settings: Partial<HubSettings>, etag: string | null): Promise<void> {
  const answer = await call<HubSettings>('PATCH', '/settings', settings, etag);
  if (answer.ok) stale('/settings');
  else if (isConflict(answer.problem)) lookAgain();
  else announce(Object.values(problemWords(answer.problem)).join(' '));
}

/** What the page shows is not how it is any more: nothing is changed before it was looked at. */
function lookAgain(): void {
  stale('/settings');
  announce(say('conflict.settings'));
}
