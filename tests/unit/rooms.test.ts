import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Which rooms of one half may import which others. A file at the half's top is its own room, by name. */
const AGENT: Record<string, readonly string[]> = {
  protocol: [],
  xmlrpc: [],
  os: [],
  config: ['protocol', 'os', 'xmlrpc'],
  logs: ['protocol', 'os', 'xmlrpc', 'config'],
  events: ['protocol', 'os', 'xmlrpc', 'config'],
  process: ['protocol', 'os', 'xmlrpc', 'config', 'logs', 'events'],
  rpc: ['protocol', 'os', 'xmlrpc', 'config', 'logs', 'events', 'process'],
  uplink: ['protocol', 'os', 'xmlrpc', 'config', 'logs', 'events', 'process', 'rpc'],
  http: ['protocol', 'os', 'xmlrpc', 'config', 'logs', 'events', 'process', 'rpc'],
  cli: ['protocol', 'xmlrpc', 'config', 'os', 'version.ts'],
  daemon: [
    'protocol',
    'os',
    'xmlrpc',
    'config',
    'logs',
    'events',
    'process',
    'rpc',
    'uplink',
    'http',
    'version.ts',
  ],
};
const HUB: Record<string, readonly string[]> = {
  'clock.ts': [],
  'turns.ts': [],
  'config-file.ts': [],
  'config-values.ts': [],
  'config-identity.ts': ['config-values.ts'],
  'config.ts': ['config-file.ts', 'config-values.ts', 'config-identity.ts'],
  fleet: [],
  store: ['clock.ts', 'fleet'],
  links: ['clock.ts', 'turns.ts', 'fleet'],
  import: ['fleet'],
  accounts: ['clock.ts', 'turns.ts', 'fleet', 'store'],
  control: ['clock.ts', 'fleet', 'store', 'links', 'accounts'],
  alerts: ['clock.ts', 'fleet', 'store', 'links', 'accounts', 'control'],
  schedules: ['clock.ts', 'fleet', 'store', 'links', 'accounts', 'control'],
  api: [
    'clock.ts',
    'config.ts',
    'fleet',
    'store',
    'links',
    'import',
    'accounts',
    'control',
    'alerts',
    'schedules',
  ],
  live: [
    'clock.ts',
    'config.ts',
    'fleet',
    'store',
    'links',
    'accounts',
    'control',
    'alerts',
    'schedules',
    'api/contract.ts',
  ],
  web: [
    'clock.ts',
    'config.ts',
    'fleet',
    'store',
    'accounts',
    'control',
    'api/contract.ts',
    'live/contract.ts',
  ],
  cli: ['clock.ts', 'fleet', 'api/contract.ts'],
  install: ['clock.ts', 'config.ts', 'fleet', 'store', 'accounts', 'api/contract.ts'],
  hub: [
    'clock.ts',
    'config.ts',
    'fleet',
    'store',
    'links',
    'accounts',
    'control',
    'alerts',
    'schedules',
    'api',
    'live',
    'web',
    'install',
  ],
};
const AGENT_EXPORTS = ['@fleetvisor/agent/protocol', '@fleetvisor/agent/xmlrpc'];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?tsx?$/.test(file))
    .map((file) => join(folder, file));
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
}

function strays(half: string, rooms: Record<string, readonly string[]>): string[] {
  const top = join(ROOT, half);
  return sources(top).flatMap((file) => {
    const room = relative(top, file).split('/')[0] as string;
    const allowed = rooms[room];
    if (allowed === undefined) return []; // main.ts and its like hand everything to everybody
    return imports(file)
      .filter((to) => to.startsWith('.'))
      .map((to) => relative(top, resolve(dirname(file), to)))
      .filter((to) => !to.startsWith(`${room}/`) && to !== room && to !== '../package.json')
      .filter((to) => !allowed.some((ok) => to === ok || to.startsWith(`${ok}/`)))
      .map((to) => `${relative(ROOT, file)} imports ${to}`);
  });
}

test('rooms of the agent import only what stands to their left', () => {
  expect(strays('agent/src', AGENT)).toEqual([]);
});

test('rooms of the hub import only what stands to their left', () => {
  expect(strays('src', HUB)).toEqual([]);
});

test('every folder is a known room', () => {
  const folders = (half: string) =>
    readdirSync(join(ROOT, half), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  expect(folders('agent/src').filter((room) => !(room in AGENT))).toEqual([]);
  expect(folders('src').filter((room) => !(room in HUB))).toEqual([]);
});

test('the hub reaches into the agent only by its two published doors, and the agent never into the hub', () => {
  const hub = sources(join(ROOT, 'src')).flatMap((file) =>
    imports(file)
      .filter((to) => to.includes('agent/') && !to.startsWith('./') && !AGENT_EXPORTS.includes(to))
      .map((to) => `${relative(ROOT, file)} imports ${to}`),
  );
  const agent = sources(join(ROOT, 'agent/src')).flatMap((file) =>
    imports(file)
      .filter((to) => to.startsWith('.'))
      .filter((to) => !resolve(dirname(file), to).startsWith(join(ROOT, 'agent/src')))
      .map((to) => `${relative(ROOT, file)} imports ${to}`),
  );
  expect([...hub, ...agent]).toEqual([]);
});

test('no file needs, round some corners, itself', () => {
  const files = ['agent/src', 'src'].flatMap((half) => sources(join(ROOT, half)));
  const needs = new Map(
    files.map((file) => [
      file,
      imports(file)
        .filter((to) => to.startsWith('.'))
        .map((to) => resolve(dirname(file), to)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) circles.push([...way.slice(at), file].map((one) => relative(ROOT, one)).join(' > '));
    if (at >= 0 || done.has(file)) return;
    for (const next of needs.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});
