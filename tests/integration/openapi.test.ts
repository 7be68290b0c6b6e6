import { Validator } from '@seriousme/openapi-schema-validator';
import type { AxiosResponse } from 'axios';
import { type Document, OpenAPIClientAxios } from 'openapi-client-axios';
import { expect, test } from 'vitest';
import { type ApiPorts, apiRouter, apiRoutes } from '../../src/api/api.ts';
import { openApi } from '../../src/api/openapi.ts';
import { FAMILIES, familyOf } from '../../src/api/openapi-families.ts';
import { PERMISSIONS } from '../../src/api/permissions.ts';
import { newToken } from '../support/people.ts';
import { twoEnvironments } from '../support/two-environments.ts';

const routes = apiRoutes({} as ApiPorts);
const document = openApi(routes, '1.2.3', '/api/v1');

test('every mounted route is described, and nothing else is', () => {
  const { stack } = apiRouter({} as ApiPorts) as unknown as { stack: readonly Layer[] };
  const mounted = stack.flatMap(({ route }) =>
    route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
  );
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.sort()).toEqual(mounted.sort());
});

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

test('the document is valid OpenAPI 3.1 to a validator that is not ours', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect(result).toMatchObject({ valid: true });
});

test('every route has a sentence, a family and an id of its own, and every pointer leads somewhere', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { summary } of operations) expect(summary).toMatch(/^[A-Z][a-z]+s .*\.$/);
  expect(routes.filter(({ path }) => familyOf(path) === undefined).map(({ path }) => path)).toEqual([]);
  const used = new Set(routes.map(({ path }) => familyOf(path)));
  expect(FAMILIES.filter(({ name }) => !used.has(name))).toEqual([]);
  const pointers = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  const missing = [...pointers].flatMap(([, id = '']) => (id in document.components.schemas ? [] : [id]));
  expect(missing).toEqual([]);
});

test('what a route takes to be asked is told with it, and is what the table of permissions says', () => {
  for (const { method, path, right } of routes) {
    const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method];
    expect([path, operation?.['x-right']]).toEqual([path, right]);
    expect([path, operation?.['x-beyond']]).toEqual([
      path,
      PERMISSIONS[`${method.toUpperCase()} ${path}`]?.beyond,
    ]);
    expect([path, operation?.security.length === 0]).toEqual([path, right === 'anyone']);
  }
});

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
