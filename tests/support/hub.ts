import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type HubConfig, readConfig } from '../../src/config.ts';
import { type Hub, startHub } from '../../src/hub/hub.ts';
import type { HubLog } from '../../src/hub/log.ts';
import { builtConsole } from './built-console.ts';
import { type Lifetime, tempDir } from './supervisors.ts';

export const MIGRATIONS = join(import.meta.dirname, '../../migrations');

/** A hub in this process on a port of its own, and a way to ask it; closed with the test. */
export interface TestHub {
  readonly hub: Hub;
  readonly dataFolder: string;
  readonly password: string;
  /** What should never have happened, and did. */
  readonly bugs: unknown[];
  /** Asks `/api/v1…` as the first admin, with a session. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Asks with nothing but the given headers. */
  raw(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Response>;
  readonly session: { readonly cookie: string; readonly csrf: string };
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
  readonly body: any;
}

export interface TestHubOptions {
  readonly dataFolder?: string;
  readonly args?: readonly string[];
  readonly password?: string;
  /** Left out: the machine's. */
  readonly clock?: Clock;
}

export function testConfig(args: readonly string[]): HubConfig {
  const read = readConfig(args, {});
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

export function quietLog(bugs: unknown[]): HubLog {
  const nothing = (): void => {};
  return {
    started: nothing,
    stopping: nothing,
    reloaded: nothing,
    notReloaded: nothing,
    bug: (error) => bugs.push(error),
    notStored: (error) => bugs.push(error),
    lostCredentials: nothing,
    uplinkRefused: nothing,
    certificateEnds: nothing,
    brokenGroupRoles: nothing,
    groupsNotRead: nothing,
  };
}

let consoleFolder: Promise<string> | null = null;
const cleanUps: (() => void | Promise<void>)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

function consoleOfThisFile(): Promise<string> {
  consoleFolder ??= builtConsole({ onTestFinished: (cleanUp) => void cleanUps.push(cleanUp) });
  return consoleFolder;
}

export async function startTestHub(t: Lifetime, options: TestHubOptions = {}): Promise<TestHub> {
  const dataFolder = options.dataFolder ?? tempDir(t);
  const bugs: unknown[] = [];
  const config = testConfig([
    '--port',
    '0',
    '--data',
    dataFolder,
    '--log-level',
    'silent',
    ...(options.args ?? []),
  ]);
  const hub = await startHub(config, {
    clock: options.clock ?? systemClock,
    log: quietLog(bugs),
    migrations: MIGRATIONS,
    random: Math.random,
    passwordCost: 4,
    assetsFolder: await consoleOfThisFile(),
    answers: 'checked',
  });
  t.onTestFinished(() => hub.close());
  const password = options.password ?? hub.firstLogin?.password ?? '';
  const raw: TestHub['raw'] = (method, path, headers = {}, body) =>
    fetch(`${hub.address}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
  const session = await signIn(raw, password);
  const ask: TestHub['ask'] = async (method, path, body) => {
    const headers = {
      cookie: session.cookie,
      'x-csrf-token': session.csrf,
      'content-type': 'application/json',
    };
    const res = await raw(
      method,
      `/api/v1${path}`,
      headers,
      body === undefined ? undefined : JSON.stringify(body),
    );
    const text = await res.text();
    return { status: res.status, body: text === '' ? null : JSON.parse(text) };
  };
  return { hub, dataFolder, password, bugs, ask, raw, session };
}

async function signIn(raw: TestHub['raw'], password: string): Promise<TestHub['session']> {
  const body = JSON.stringify({ user: 'admin', password });
  const res = await raw('POST', '/api/v1/session', { 'content-type': 'application/json' }, body);
  const cookie = res.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrf = '' } = (await res.json()) as { csrf?: string };
  return { cookie, csrf };
}
