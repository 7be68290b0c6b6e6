import type { HubSettings, ProtectedEnvironment } from '../../../api/contract.ts';
import { call } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { doNow } from '../form-sheet.ts';

onDo('protect', (on) => {
  const { name = '', asks = '' } = on.dataset;
  void doNow(call<HubSettings>('GET', '/settings'), ({ protectedEnvironments }) => {
    const others = protectedEnvironments.filter(({ environment }) => environment !== name);
    save({ protectedEnvironments: isAsked(asks) ? [...others, { environment: name, asks }] : others });
  });
});

const isAsked = (asks: string): asks is ProtectedEnvironment['asks'] =>
  asks === 'typed' || asks === 'second-person';

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.minutes !== undefined)
    save({ approvalMinutes: Number(target.value) });
});

function save(settings: Partial<HubSettings>): void {
  void doNow(call('PATCH', '/settings', settings), () => stale('/settings'));
}
