import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
const LOCK: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
);
const MANIFEST: { readonly allowScripts: Readonly<Record<string, boolean>> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
);

/** The oldest versions without a known hole; raised with each advisory, and no network is asked. */
const FLOORS: Readonly<Record<string, string>> = {
  'body-parser': '2.2.1', // CVE-2025-13466: a flood of url-encoded parameters
  'better-sqlite3': '12.0.0', // SQLite before 3.50.2: CVE-2025-6965
  cookie: '0.7.0', // CVE-2024-47764: names out of bounds
  'engine.io': '6.6.10', // a frame that ends the process
  express: '5.1.0',
  handlebars: '4.7.10', // CVE-2026-33937 and its like: an object as template
  'path-to-regexp': '8.0.0', // CVE-2024-45296: backtracking
  qs: '6.14.1', // CVE-2025-15284: arrays without bound
  send: '1.0.0', // CVE-2024-43799: script in a redirect
  'serve-static': '2.0.0', // CVE-2024-43800
  'socket.io-parser': '4.2.7', // attachments without bound
  ws: '8.21.0', // CVE-2024-37890 and later: headers without bound
};

const locked = (name: string): readonly (readonly [path: string, entry: Locked])[] =>
  Object.entries(LOCK.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));

test('abuse 20: no version that is installed is older than the floor its advisories set', () => {
  const tooOld = Object.entries(FLOORS).flatMap(([name, floor]) =>
    locked(name)
      .filter(([, { version = '' }]) => isOlder(version, floor))
      .map(([path, { version }]) => `${path} is ${version}, below ${floor}`),
  );
  expect(tooOld).toEqual([]);
  for (const name of ['handlebars', 'engine.io', 'socket.io-parser', 'ws', 'express'])
    expect(locked(name), name).not.toEqual([]);
  expect([isOlder('8.9.0', '8.21.0'), isOlder('9.0.0', '8.21.0'), isOlder('8.21.0', '8.21.0')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('abuse 20: everything is pinned by its hash, comes from nowhere but the registry, and runs no script unless named', () => {
  const own = new Set(['', 'agent']);
  const strange = Object.entries(LOCK.packages)
    .filter(([path, { link }]) => !own.has(path) && link !== true)
    .filter(
      ([, { resolved, integrity = '' }]) =>
        !integrity.startsWith('sha512-') ||
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    );
  expect(strange.map(([path]) => path)).toEqual([]);
  const scripted = Object.entries(LOCK.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(scripted.filter((name) => !(name in MANIFEST.allowScripts) && name !== 'fsevents')).toEqual([]);
});

test('abuse 21: templates are compiled when built: nothing that runs can compile one, and each is named by a fixed word', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const compilers = sources.flatMap((file) =>
    [...readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(/['"](handlebars[^'"]*)['"]/g)]
      .map(([, from]) => from)
      .filter((from) => !/runtime/.test(from ?? ''))
      .map((from) => `${file} takes ${from}`),
  );
  expect(compilers).toEqual([]);
  const views = readdirSync(join(ROOT, 'views'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.hbs'),
  );
  expect(views.length).toBeGreaterThan(10);
  const loose = views.flatMap((file) => {
    const text = readFileSync(join(ROOT, 'views', file), 'utf8');
    const raw = [...text.matchAll(/\{\{\{\s*(\w+)/g)].map(([, name]) => name ?? '');
    const dynamic = [...text.matchAll(/\{\{>\s*(\(|\.\.|@)/g)].map(() => 'a partial whose name is made');
    return [...raw.filter((name) => !['sprite', 'side', 'main'].includes(name)), ...dynamic].map(
      (what) => `${file}: ${what}`,
    );
  });
  expect(loose).toEqual([]);
});

function isOlder(version: string, floor: string): boolean {
  const [left, right] = [version, floor].map((text) => text.split('-')[0]?.split('.').map(Number) ?? []);
  for (let at = 0; at < 3; at++)
    if ((left?.[at] ?? 0) !== (right?.[at] ?? 0)) return (left?.[at] ?? 0) < (right?.[at] ?? 0);
  return false;
}
