import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CliFailure } from './failure.ts';
import { parseJson, readPrivate, record } from './private-file.ts';
import { readProfiles } from './profiles.ts';

/** A hub, and what it knows us by; the token is null where there is none for it. */
export interface HubLogin {
  readonly hub: string;
  readonly token: string | null;
  /** Where the token comes from, for error texts. */
  readonly from: string;
}

export interface LoginWish {
  readonly hub: string | undefined;
  readonly tokenFile: string | undefined;
}

export const DEFAULT_HUB = 'http://127.0.0.1:7373';
/** Written beside the demo's data by `npm start`. */
const DEMO_FILE = join('data', 'cli.json');

/**
 * Which hub, as whom: command line, then FLEETVISOR_HUB and FLEETVISOR_TOKEN, then the file FLEETVISOR_PROFILE
 * names, then the profile of the last login, then `./data/cli.json`. A token is used only for the hub it was
 * written down for. Throws CliFailure for files others may read.
 */
export function findLogin(wish: LoginWish, env: NodeJS.ProcessEnv): HubLogin {
  const hub = wish.hub ?? (env.FLEETVISOR_HUB || undefined);
  if (wish.tokenFile !== undefined) {
    return { hub: checked(hub ?? DEFAULT_HUB), token: readToken(wish.tokenFile), from: wish.tokenFile };
  }
  if (env.FLEETVISOR_TOKEN) {
    return { hub: checked(hub ?? DEFAULT_HUB), token: env.FLEETVISOR_TOKEN, from: 'FLEETVISOR_TOKEN' };
  }
  const known = [...fileLogins(env.FLEETVISOR_PROFILE), ...profileLogins(env), ...fileLogins(demoFile())];
  const found = hub === undefined ? known[0] : known.find((login) => sameHub(login.hub, hub));
  return found ?? { hub: checked(hub ?? DEFAULT_HUB), token: null, from: 'nowhere' };
}

/** The URL without a slash at its end. Throws CliFailure for what is none. */
export function checked(hub: string): string {
  if (!URL.canParse(hub) || !/^https?:$/.test(new URL(hub).protocol)) {
    throw new CliFailure('usage', `"${hub}" is not the URL of a hub`, `Write it like ${DEFAULT_HUB}`);
  }
  return hub.replace(/\/+$/, '');
}

function sameHub(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) && new URL(left).href === new URL(right).href;
}

function* fileLogins(path: string | undefined): Generator<HubLogin> {
  if (path === undefined || path === '') return;
  const { hub, token } = record(parseJson(readPrivate(path), path));
  if (typeof hub !== 'string' || typeof token !== 'string') {
    throw new CliFailure(
      'usage',
      `${path} does not hold "hub" and "token"`,
      'Sign in with: fleetvisor login URL',
    );
  }
  yield { hub: checked(hub), token, from: path };
}

function* profileLogins(env: NodeJS.ProcessEnv): Generator<HubLogin> {
  const { path, current, profiles } = readProfiles(env);
  const ordered = [...profiles].sort((a, b) => Number(b.hub === current) - Number(a.hub === current));
  for (const { hub, token } of ordered) yield { hub, token, from: path };
}

function demoFile(): string | undefined {
  return statSync(DEMO_FILE, { throwIfNoEntry: false }) === undefined ? undefined : DEMO_FILE;
}

function readToken(path: string): string {
  const token = readPrivate(path).trim();
  if (token === '')
    throw new CliFailure('usage', `${path} is empty`, 'Put the token in it and nothing else.');
  return token;
}
