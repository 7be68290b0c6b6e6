import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseJson, readPrivate, record } from './private-file.ts';

/** A hub somebody signed in to from here. */
export interface Profile {
  readonly hub: string;
  readonly user: string;
  readonly token: string;
}

export interface Profiles {
  readonly path: string;
  /** The hub of the last login. */
  readonly current: string | null;
  readonly profiles: readonly Profile[];
}

/** The logins kept in `~/.config/fleetvisor/profiles.json`; none when there is no file. */
export function readProfiles(env: NodeJS.ProcessEnv): Profiles {
  const path = profilesPath(env);
  if (!existsSync(path)) return { path, current: null, profiles: [] };
  const { current, profiles } = record(parseJson(readPrivate(path), path));
  const list: readonly unknown[] = Array.isArray(profiles) ? profiles : [];
  return { path, current: typeof current === 'string' ? current : null, profiles: list.flatMap(toProfile) };
}

/** Keeps a login and makes it the current one; the file is the user's alone and never half written. */
export function saveProfile(profile: Profile, env: NodeJS.ProcessEnv): string {
  const { path, profiles } = readProfiles(env);
  const others = profiles.filter(({ hub }) => hub !== profile.hub);
  write(path, { current: profile.hub, profiles: [...others, profile] });
  return path;
}

/** Makes a kept login the current one; false when there is none for this hub. */
export function useProfile(hub: string, env: NodeJS.ProcessEnv): boolean {
  const { path, profiles } = readProfiles(env);
  if (!profiles.some((profile) => profile.hub === hub)) return false;
  write(path, { current: hub, profiles });
  return true;
}

/** Forgets the login for a hub, and returns it; null when there was none. */
export function forgetProfile(hub: string, env: NodeJS.ProcessEnv): Profile | null {
  const { path, current, profiles } = readProfiles(env);
  const forgotten = profiles.find((profile) => profile.hub === hub);
  if (forgotten === undefined) return null;
  const others = profiles.filter((profile) => profile !== forgotten);
  write(path, { current: current === hub ? null : current, profiles: others });
  return forgotten;
}

function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

function profilesPath(env: NodeJS.ProcessEnv): string {
  const folder = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return join(folder, 'fleetvisor', 'profiles.json');
}

function toProfile(value: unknown): Profile[] {
  const { hub, user, token } = record(value);
  return typeof hub === 'string' && typeof user === 'string' && typeof token === 'string'
    ? [{ hub, user, token }]
    : [];
}
