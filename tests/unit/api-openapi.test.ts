import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { type ApiPorts, apiRouter, apiRoutes } from '../../src/api/api.ts';
import { openApi } from '../../src/api/openapi.ts';
import { FAMILIES, familyOf } from '../../src/api/openapi-families.ts';
import { PERMISSIONS } from '../../src/api/permissions.ts';

const routes = apiRoutes({} as ApiPorts);
const document = openApi(routes, '1.2.3', '/api/v1');

test('every mounted route is described, and nothing else is', () => {
  const rates = { changes: 1, expensive: 1, signIns: 1 };
  const mounted = apiRouter({ rates } as ApiPorts).stack.flatMap(({ route }) => {
    const methods = new Set(route?.stack.map(({ method }) => method));
    return [...methods].map((method) => `${method} ${route?.path}`);
  });
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.sort()).toEqual(mounted.sort());
});

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
