import { expect, test } from 'vitest';
import type { RestartSlot } from '../../src/api/contract.ts';
import { startTestHub } from '../support/hub.ts';
import { somebody } from '../support/people.ts';
import { startSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const FLAPS = '[program:flaps]\ncommand=/bin/sh -c "sleep 1.5; exit 1"\nstartsecs=1\nautorestart=true\n';

test('abuse 5: restarts of another environment are in no count: GET /restarts tells of what the asker sees', async (t) => {
  const hub = await startTestHub(t);
  for (const environment of ['stage', 'prod']) {
    const { socketPath } = await startSupervisor(t, 'supervisord', {
      config: environment === 'prod' ? FLAPS : '[program:calm]\ncommand=/bin/sleep 1000\n',
    });
    await hub.ask('POST', '/hosts', { name: `${environment}-1`, url: `unix://${socketPath}`, environment });
  }
  const stage = await somebody(hub, 'mei', { role: 'viewer', scope: 'env=stage/*' });
  const prod = await somebody(hub, 'oli', { role: 'viewer', scope: 'env=prod/flaps:*' });
  const count = async (ask: typeof hub.ask): Promise<number> =>
    ((await ask('GET', '/restarts')).body as RestartSlot[]).reduce((sum, slot) => sum + slot.restarts, 0);
  await until('a restart is counted', async () => (await count(hub.ask)) > 0);
  expect(await count(prod.ask)).toBeGreaterThan(0);
  expect(await count(stage.ask)).toBe(0);
});
