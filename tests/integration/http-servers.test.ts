import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config, HttpServerConfig } from '../../agent/src/config/config.ts';
import { createEventBus } from '../../agent/src/events/event-bus.ts';
import { startHttpServers } from '../../agent/src/http/servers.ts';
import { systemClock } from '../../agent/src/os/clock.ts';
import type { Supervisor } from '../../agent/src/process/supervisor.ts';
import { heardLog } from '../support/process-parts.ts';
import { callXml, request } from '../support/raw-http.ts';
import { tempDir } from '../support/supervisors.ts';

/** Servers whose methods answer what a test says; no daemon behind them. */
function ports(servers: readonly HttpServerConfig[], call: () => Promise<unknown>) {
  const lines: string[] = [];
  const supervisor = {
    events: createEventBus((error) => {
      throw error;
    }),
    config: () => ({ rpcInterfaces: [] }) as unknown as Config,
  } as unknown as Supervisor;
  const log = heardLog(lines);
  return { lines, servers, methods: { call }, supervisor, clock: systemClock, log, warn: () => {} };
}

const unix = (path: string): HttpServerConfig => ({
  kind: 'unix',
  section: 'unix_http_server',
  path,
  mode: 0o600,
  owner: null,
  auth: null,
});

test('RPC-017 an error nobody expected is 500 and a CRIT line with its stack, and the next call is served', async (t) => {
  const path = join(tempDir(t), 's.sock');
  let broken = true;
  const world = ports([unix(path)], async () => {
    if (broken) throw new TypeError('oops');
    return true;
  });
  const servers = await startHttpServers(world);
  t.onTestFinished(() => servers.close());
  const call = () => request(path, 'POST', '/RPC2', { body: callXml('supervisor.x') });
  expect((await call()).status).toBe(500);
  expect(world.lines.at(-1)).toMatch(/^CRIT Handling the request POST \/RPC2 .*TypeError: oops\n\s+at /s);
  broken = false;
  expect((await call()).status).toBe(200);
});

test('an answer of many pieces arrives whole', async (t) => {
  const path = join(tempDir(t), 's.sock');
  const servers = await startHttpServers(ports([unix(path)], async () => 'é'.repeat(3_000_000)));
  t.onTestFinished(() => servers.close());
  const { headers, body } = await request(path, 'POST', '/RPC2', { body: callXml('supervisor.x') });
  expect(Buffer.byteLength(body)).toBe(Number(headers['content-length']));
  expect(body).toContain(`<string>${'é'.repeat(3_000_000)}</string>`);
});

test('RPC-143 when one server cannot be opened, those before it are closed again', async (t) => {
  const dir = tempDir(t);
  const first = await startHttpServers(ports([unix(join(dir, 'taken.sock'))], async () => true));
  t.onTestFinished(() => first.close());
  expect((statSync(join(dir, 'taken.sock')).mode & 0o777).toString(8)).toBe('600');
  const both = [unix(join(dir, 'free.sock')), unix(join(dir, 'taken.sock'))];
  await expect(startHttpServers(ports(both, async () => true))).rejects.toMatchObject({
    name: 'CannotListen',
  });
  expect(existsSync(join(dir, 'free.sock'))).toBe(false);
  expect((await request(join(dir, 'taken.sock'), 'GET', '/ok.html')).body).toBe('OK');
});
