import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { type Lifetime, run, tempDir } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const ends: (() => void | Promise<void>)[] = [];
const lifetime: Lifetime = { onTestFinished: (fn) => void ends.unshift(fn) };
let fleet: Fleet;
let dir: string;

const program = (name: string, says: string): string => `[program:${name}]
command=/bin/sh -c '${says}; exec sleep 1000'
stdout_logfile=${dir}/%(host_node_name)s-${name}.out
stderr_logfile=NONE
startsecs=0
`;
const web = (host: string): string =>
  `[program:web]
command=/bin/cat ${dir}/${host}.txt
stdout_logfile=${dir}/${host}.out
stderr_logfile=NONE
startsecs=0
autorestart=false
`;

beforeAll(async () => {
  dir = tempDir(lifetime);
  writeFileSync(join(dir, 'a.txt'), 'one\ntwo timeout\nthree\nfour timeout\nfive\n');
  writeFileSync(join(dir, 's.txt'), `${'noise é\n'.repeat(20_000)}before\ntimeout in db\nafter\n`);
  writeFileSync(join(dir, 'z.txt'), 'timeout\n');
  fleet = await startFleet(lifetime, [
    { name: 'a', kind: 'agent', programs: web('a') },
    { name: 's', kind: 'supervisord', programs: web('s') },
    { name: 'z', kind: 'supervisord', programs: web('z') + program('idle', 'printf "a\\377b\\377c\\n"') },
  ]);
  await until('the logs', async () => {
    const { out } = await fleet.cli('search', 'timeout', '*/web', '--channel', 'stdout');
    return out.split('\n').filter(Boolean).length === 4;
  });
}, 90_000);
afterAll(async () => {
  for (const end of ends) await end();
});

test('B8 search finds the lines of every member, with counts per host', async () => {
  const { code, out, err } = await fleet.cli('search', 'timeout', '*/web', '--channel', 'stdout');
  expect(out.split('\n').filter(Boolean).sort()).toEqual([
    'a/web:web | four timeout',
    'a/web:web | two timeout',
    's/web:web | timeout in db',
    'z/web:web | timeout',
  ]);
  expect(err).toMatch(/^a {2}2 matches {2}1 log, /m);
  expect(err).toMatch(/^s {2}1 match {4}1 log, /m);
  expect(code).toBe(0);
});

test('bytes that cannot be read are summed up, wherever in a log they are', async () => {
  const { out, err } = await fleet.cli('search', 'c', 'z/idle', '--channel', 'stdout');
  expect(out).toBe('z/idle:idle | abc\n');
  expect(err).toBe('z  1 match  1 log, 0.0 MiB  2 bytes could not be read\n');
});

test('search shows lines around a match, takes expressions, limits what is shown and still counts', async () => {
  const around = await fleet.cli('search', 'timeout in', 's/web', '-C', '1', '--channel', 'stdout');
  expect(around.out).toBe('s/web:web | before\ns/web:web | timeout in db\ns/web:web | after\n--\n');
  const fits = await fleet.cli(
    'search',
    '--regex',
    '^(two|four) t',
    'a/web',
    '--limit',
    '1',
    '--channel',
    'stdout',
  );
  expect(fits.out).toBe('a/web:web | two timeout\n');
  expect(fits.err).toContain('2 matches');
  expect(fits.err).toContain('1 not shown');
  expect((await fleet.cli('search', 'nowhere', '*/web', '--channel', 'stdout')).code).toBe(6);
  for (const words of [
    ['search', 'needle', 'nobody'],
    ['tail', 'nobody'],
  ]) {
    const { code, err } = await fleet.cli(...words);
    expect([code, err]).toEqual([6, expect.stringMatching(/target: no .*process of this name is known/)]);
  }
  const refused = await fleet.cli('search', '--regex', '(x', '*/web');
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('regex: cannot be read')]);
});

test('search --json is what the API streams, ended by the sum', async () => {
  const { out } = await fleet.cli('--json', 'search', 'timeout', '*/web', '--channel', 'stdout', '--mb', '1');
  const results = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  expect(results.filter(({ kind }) => kind === 'searched')).toHaveLength(3);
  expect(results.at(-1)).toMatchObject({ kind: 'end', matches: 4, logs: 3, troubled: 0 });
});

test('a download of one log is its bytes, of several their lines with names', async () => {
  const get = (query: string) =>
    run([
      '/usr/bin/curl',
      '-sS',
      '-D',
      '-',
      '-H',
      `authorization: Bearer ${fleet.token}`,
      `${fleet.address}/api/v1/download?${query}`,
    ]);
  const one = await get('target=a/web:web');
  expect(one.out).toContain('content-disposition: attachment; filename="a_web.stdout.log"');
  expect(one.out.endsWith('\r\n\r\none\ntwo timeout\nthree\nfour timeout\nfive\n')).toBe(true);
  const many = await get('target=a/web&target=z/web');
  expect(many.out.split('\r\n\r\n')[1]).toBe(
    'a/web:web | one\na/web:web | two timeout\na/web:web | three\na/web:web | four timeout\na/web:web | five\nz/web:web | timeout\n',
  );
  const end = await get(`target=s/web&megabytes=${64 / 2 ** 20}`);
  expect(end.out.split('\r\n\r\n')[1]).toMatch(/^(noise é\n)+before\ntimeout in db\nafter\n$/);
  const none = await get('target=a/web&channel=stderr');
  expect(none.out).toMatch(/^HTTP\/1.1 422 /);
});

test('tail picks lines at the hub, each with its source', async () => {
  const { out, code } = await fleet.cli('tail', '*/web', '--grep', 'time(out)+', '-n', '1');
  expect(
    out
      .split('\n')
      .filter((line) => line !== '' && !line.includes('-- '))
      .sort(),
  ).toEqual(['a/web:web | four timeout', 's/web:web | timeout in db', 'z/web:web | timeout']);
  expect(code).toBe(0);
});

test('events tells what happened, from a number on', async () => {
  await fleet.cli('stop', 'z/idle', '--yes');
  await until('the stop among the events', async () => {
    const { out } = await fleet.cli('events', 'z/*', '--kind', 'process', '-n', '5');
    return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}z\/idle:idle {2}STOPPED/m.test(out);
  });
  const page = await fleet.api('GET', '/events?selector=z/idle&kind=process');
  const after = await fleet.cli('events', '--after', String(page.events.at(-1).id - 1), 'z/idle', '--json');
  expect(JSON.parse(after.out.split('\n')[0] ?? '')).toEqual(page.events.at(-1));
});

test('a host that does not answer is told in a search, and holds up nobody', async () => {
  fleet.hosts.get('z')?.kill('SIGSTOP');
  const { code, out, err } = await fleet.cli('search', 'timeout', '*/web', '--channel', 'stdout');
  fleet.hosts.get('z')?.kill('SIGCONT');
  expect(out.split('\n').filter(Boolean)).toHaveLength(3);
  expect(err).toMatch(/^z {2}0 matches .*(unreachable|went away|no answer)/m);
  expect(code).toBe(4);
});
