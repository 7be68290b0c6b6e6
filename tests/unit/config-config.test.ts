import { expect, test } from 'vitest';
import { type HubConfig, readConfig } from '../../src/config.ts';

function config(args: readonly string[], env: Record<string, string> = {}): HubConfig {
  const read = readConfig(args, env);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

const problems = (args: readonly string[], env: Record<string, string> = {}) => {
  const read = readConfig(args, env);
  return read.ok ? [] : read.problems.map(({ where }) => where);
};

test('without a word the hub listens on loopback, port 7373, and keeps its data in ./data', () => {
  expect(config([])).toMatchObject({
    host: '127.0.0.1',
    port: 7373,
    dataFolder: 'data',
    basePath: '',
    tls: null,
  });
  expect(Object.isFrozen(config([]))).toBe(true);
});

test('a flag goes before its variable, and its variable before the default', () => {
  expect(config([], { FLEETVISOR_PORT: '8000' }).port).toBe(8000);
  expect(config(['--port', '9000'], { FLEETVISOR_PORT: '8000' }).port).toBe(9000);
  expect(config(['--port=9001']).port).toBe(9001);
});

test('every problem is told at once, by the name under which it was given', () => {
  expect(
    problems(['--port', '70000', '--base-path', 'fleet', '--tls-cert', '/c.pem', '--session-idle', 'long'], {
      FLEETVISOR_HOST: '0.0.0.0',
      FLEETVISOR_LOG_LEVEL: 'loud',
    }),
  ).toEqual(['--port', '--base-path', '--session-idle', 'FLEETVISOR_LOG_LEVEL', '--tls-key']);
});

test('how much may be asked for is set, within bounds that keep a hub usable and guarded', () => {
  expect(config([])).toMatchObject({
    rates: { changes: 1_200, expensive: 240, signIns: 60 },
    failedSignIns: 5,
  });
  const env = { FLEETVISOR_RATE_SIGN_INS: '20' };
  expect(config(['--rate-changes', '5000', '--failed-sign-ins', '10'], env)).toMatchObject({
    rates: { changes: 5_000, expensive: 240, signIns: 20 },
    failedSignIns: 10,
  });
  const flags = ['--rate-changes', '--rate-expensive', '--rate-sign-ins', '--failed-sign-ins'];
  for (const flag of flags)
    for (const n of ['0', '2', '1000001', 'many']) expect(problems([flag, n])).toEqual([flag]);
});

test('beyond loopback there is no plain HTTP unless somebody says so', () => {
  expect(problems(['--host', '0.0.0.0'])).toEqual(['--host']);
  expect(problems(['--host', '192.168.1.4', '--trust-proxy', '1'])).toEqual([]);
  expect(problems(['--host', '::', '--insecure'])).toEqual([]);
  expect(problems(['--host', '0.0.0.0', '--tls-cert', 'c', '--tls-key', 'k'])).toEqual([]);
  expect(problems(['--host', '::1'])).toEqual([]);
});

test('what is no flag of the hub is handed on in order', () => {
  const read = readConfig(['join-token', '--uses', '3', '--data', 'd', '--json'], {});
  expect(read.ok && read.rest).toEqual(['join-token', '--uses', '3', '--json']);
});

test('a flag at the end without its value is told', () => {
  expect(problems(['--port'])).toEqual(['--port']);
});
