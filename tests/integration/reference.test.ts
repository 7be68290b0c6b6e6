import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiPorts, apiRoutes } from '../../src/api/api.ts';
import { PROBLEMS } from '../../src/api/problems.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

const ends: (() => void | Promise<void>)[] = [];
let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ onTestFinished: (end) => void ends.unshift(end) });
});
afterAll(async () => {
  for (const end of ends) await end();
});

const page = async (path: string, headers = {}) => {
  const res = await hub.raw('GET', path, headers);
  return { status: res.status, csp: res.headers.get('content-security-policy'), html: await res.text() };
};
const routesIn = (html: string) => [
  ...html.matchAll(/<article class="ref-route" id="(\w+)"><h3><code class="verb/g),
];

test('the reference shows every route to anyone, with nothing inline and nothing from elsewhere', async () => {
  const { status, csp, html } = await page('/reference');
  expect(status).toBe(200);
  expect(csp).toContain("default-src 'none'");
  expect(routesIn(html)).toHaveLength(apiRoutes({} as ApiPorts).length);
  expect(html).toContain('<code>/processes/{host}/{namespec}</code>');
  expect(html).not.toMatch(/<style|style="|<script(?![^>]* src=)|\son\w+=|(?:src|href)="https?:/);
  expect((await hub.raw('GET', '/api')).headers.get('location')).toBe('/reference');
});

test('it is searched by the hub, without a script', async () => {
  const { html } = await page('/reference?text=patch+%2Fhosts');
  expect(routesIn(html).map(([, id]) => id)).toEqual(['patchHostsId']);
  expect((await page('/reference?text=%3Cscript%3E')).html).not.toContain('<script>');
});

test('its frame speaks Chinese to who asks for it', async () => {
  expect((await page('/reference', { 'accept-language': 'zh-CN' })).html).toContain('此控制中心的 API');
});

test('the type of every problem leads to a page that says what it means and how it is mended', async () => {
  const { body } = await hub.ask('POST', '/plans', { verb: 'explode', selector: '*' });
  expect((await page(body.type)).html).toContain('The request is not what this route takes');
  for (const slug of Object.keys(PROBLEMS)) {
    const { status, html } = await page(`/reference/problems/${slug}`);
    expect([slug, status, html.includes('How it is mended')]).toEqual([slug, 200, true]);
  }
  expect((await page('/reference/problems/nonsense')).status).toBe(404);
});
