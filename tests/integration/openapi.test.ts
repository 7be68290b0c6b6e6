import type { AxiosResponse } from 'axios';
import { type Document, OpenAPIClientAxios } from 'openapi-client-axios';
import { test } from 'vitest';
import { newToken } from '../support/people.ts';
import { twoEnvironments } from '../support/two-environments.ts';

test('a client generated from the document signs in with a token and drives the main flows', async (t) => {
  const hub = await twoEnvironments(t);
  const definition = (await (await hub.raw('GET', '/api/v1/openapi.json')).json()) as Document;
  const token = await newToken(hub, 'admin', hub.password);
  const client = await new OpenAPIClientAxios({
    definition,
    withServer: { url: `${hub.hub.address}/api/v1` },
    axiosConfigDefaults: { headers: { authorization: `Bearer ${token}` }, validateStatus: () => true },
  }).init();
  const call = (id: string, params = {}, body?: unknown, more = {}): Promise<AxiosResponse> => {
    const operation = client[id];
    if (operation === undefined) throw new Error(`the document has no ${id}`);
    return operation(params, body, more);
  };
  t.expect((await call('getSession')).data).toMatchObject({ user: 'admin', role: 'admin' });
  t.expect((await call('getFleet')).data.hosts).toHaveLength(2);
  const request = { verb: 'restart', selector: 'env=stage/web:*' };
  const { data: plan } = await call('postPlans', {}, request);
  t.expect(plan.targets).toMatchObject([{ host: 'stage-1', group: 'web', process: 'web' }]);
  const headers = { 'idempotency-key': 'from-a-client' };
  const begun = await call('postActions', {}, request, { headers });
  t.expect(begun.status).toBe(202);
  t.expect((await call('postActions', {}, request, { headers })).data.id).toBe(begun.data.id);
  await t.expect
    .poll(async () => (await call('getActionsId', { id: begun.data.id })).data.targets[0].outcome.kind)
    .toBe('done');
  const one = await call('getProcessesHostNamespec', { host: 'prod-1', namespec: 'web:web' });
  t.expect(one.data.process).toMatchObject({ name: 'web', state: 'RUNNING' });
  const tail = await call('getTail', { target: 'prod-1/web:web' });
  t.expect([tail.status, tail.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  const { data: made } = await call(
    'postUsers',
    {},
    { name: 'mei', grants: [{ role: 'viewer', scope: '*' }] },
  );
  t.expect((await call('patchUsersId', { id: made.user.id }, { disabled: true })).data.disabled).toBe(true);
  t.expect((await call('getAudit', { actor: 'admin', limit: 2 })).data.rows).toHaveLength(2);
  const refused = await call('postPlans', {}, { verb: 'explode', selector: '*' });
  t.expect(refused.data).toMatchObject({ type: '/reference/problems/bad-request', status: 400 });
  t.expect(hub.bugs).toEqual([]);
});
