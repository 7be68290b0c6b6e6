import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { openLines, processesKnown, targetsOf } from '../support/streams.ts';
import { type SupervisorKind, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** A process that says on stdout what is appended to `{dir}/NAME.in`. */
const echo = (name: string, more = ''): string => `[program:${name}]
command=/usr/bin/tail -s 0.02 -n +1 -F {dir}/${name}.in
stdout_logfile={dir}/${name}.out
stderr_logfile=NONE
startsecs=0
${more}
`;

interface Host {
  readonly supervisor: TestSupervisor;
  say(name: string, text: string): void;
}

async function host(
  t: TestContext,
  hub: TestHub,
  kind: SupervisorKind,
  name: string,
  programs: readonly string[],
  config = '',
): Promise<Host> {
  const files = Object.fromEntries(programs.map((program) => [`${program}.in`, '']));
  const all = programs.map((program) => echo(program)).join('') + config;
  const joining = kind === 'agent' ? await joinSection(hub, name) : '';
  const supervisor = await startSupervisor(t, kind, { config: all + joining, files });
  if (kind === 'supervisord')
    await hub.ask('POST', '/hosts', { name, url: `unix://${supervisor.socketPath}` });
  return { supervisor, say: (program, text) => appendFileSync(join(supervisor.dir, `${program}.in`), text) };
}

async function joinSection(hub: TestHub, name: string): Promise<string> {
  const { body } = await hub.ask('POST', '/join-tokens', {});
  return `[fleetvisor]\nhub=${hub.hub.address}\nname=${name}\njoin_token=${body.token}\nidentity={dir}/identity.json\n`;
}

test('tails of an agent and of a supervisord merge, and go on after a host was away', async (t) => {
  const hub = await startTestHub(t);
  const a = await host(t, hub, 'agent', 'a', ['web']);
  const s = await host(t, hub, 'supervisord', 's', ['web']);
  await processesKnown(hub, 2);
  a.say('web', 'old a\n');
  s.say('web', 'old s\n');
  await until(
    'the past to be written',
    () => a.supervisor.read('web.out') + s.supervisor.read('web.out') !== '',
  );
  const tail = await openLines(t, hub, '/tail?target=*/web:*&follow=1&lines=5');
  await until(
    'the past of both',
    () => tail.texts('a/web:web').length === 1 && tail.texts('s/web:web').length === 1,
  );
  a.say('web', 'new a\n');
  s.say('web', 'new s\n');
  await until('the news of both', () => tail.texts().length === 4);

  s.supervisor.child.kill('SIGSTOP');
  await until('the note', () => tail.notes().some((says) => says.startsWith('s/web:web: the host is away')));
  a.say('web', 'while s is away\n');
  await until('a goes on', () => tail.texts('a/web:web').includes('while s is away'));
  s.supervisor.child.kill('SIGCONT');
  s.say('web', 'back again\n');
  await until('s goes on', () => tail.texts('s/web:web').includes('back again'));
  expect(tail.texts('s/web:web')).toEqual(['old s', 'new s', 'back again']);
  expect(tail.notes()).toContainEqual(
    expect.stringMatching(/^s\/web:web: the host is back after \d+ s; .*no line is missing$/),
  );
  expect(hub.bugs).toEqual([]);
});

test('a process that is started again: its tail goes on where it was', async (t) => {
  const hub = await startTestHub(t);
  const a = await host(t, hub, 'agent', 'a', ['web']);
  await processesKnown(hub, 1);
  const tail = await openLines(t, hub, '/tail?target=a/web:web&follow=1');
  a.say('web', 'one\n');
  await until('one', () => tail.texts().includes('one'));
  await a.supervisor.rpc('stopProcess', 'web');
  a.say('web', 'two\n');
  writeFileSync(join(a.supervisor.dir, 'web.in'), 'three\n');
  await a.supervisor.rpc('startProcess', 'web');
  await until('three', () => tail.texts().includes('three'));
  expect(tail.texts().filter((text) => text === 'one')).toHaveLength(1);
});

for (const kind of ['agent', 'supervisord'] as const)
  test(`rotation in the middle is said, and no line comes twice: ${kind}`, async (t) => {
    const hub = await startTestHub(t);
    const config = echo('rot', 'stdout_logfile_maxbytes=20KB\nstdout_logfile_backups=3');
    const h = await host(t, hub, kind, 'h', ['quiet'], config);
    writeFileSync(join(h.supervisor.dir, 'rot.in'), '');
    await processesKnown(hub, 2);
    const tail = await openLines(t, hub, '/tail?target=h/rot:rot&follow=1&bytes=0');
    h.say('rot', 'begin\n');
    await until('the first line', () => tail.texts().length === 1);
    const expected = ['begin'];
    for (let piece = 0; piece < 20; piece++) {
      const texts = Array.from({ length: 20 }, (_, line) => `${piece}-${line} ${'x'.repeat(90)}`);
      expected.push(...texts);
      h.say('rot', `${texts.join('\n')}\n`);
      // a polled log that turns over keeps what was written last before to itself
      const isThere = (): boolean =>
        tail.texts().includes(texts.at(-1) as string) ||
        (kind === 'supervisord' && tail.notes().length > 0 && h.supervisor.read('rot.out').length < 1_000);
      await until(`piece ${piece}`, isThere);
    }
    const says =
      kind === 'agent' ? 'the log was rotated' : 'what was written just before may be missing here';
    expect(tail.notes().every((note) => note.endsWith(says))).toBe(true);
    expect(tail.notes()).not.toEqual([]);
    const came = tail.texts();
    expect(new Set(came).size).toBe(came.length);
    expect(came).toEqual(kind === 'agent' ? expected : expected.filter((text) => came.includes(text)));
    expect(came.length).toBeGreaterThan(expected.length / 2);
  });

test('a process that comes to be named joins an open tail, one that goes ends with a note', async (t) => {
  const hub = await startTestHub(t);
  const s = await host(t, hub, 'agent', 'a', ['web']);
  await processesKnown(hub, 1);
  const tail = await openLines(t, hub, `/tail?${targetsOf(['a/web:*', 'a/late:*'])}&follow=1`);
  s.supervisor.write('late.in', 'hello\n');
  const before = s.supervisor.read('supervisord.conf');
  s.supervisor.write('supervisord.conf', before + echo('late').replaceAll('{dir}', s.supervisor.dir));
  await s.supervisor.ctl('update');
  await until('the new process', () => tail.texts('a/late:late').includes('hello'));
  s.supervisor.write('supervisord.conf', before);
  await s.supervisor.ctl('update');
  await until('the note', () => tail.notes().some((says) => says.startsWith('a/late:late: ')));
  s.say('web', 'still here\n');
  await until('the others go on', () => tail.texts('a/web:web').includes('still here'));
  expect(tail.notes().filter((says) => says.startsWith('a/late:late: '))).toHaveLength(1);
});

test('a host that is removed ends its tails with a note', async (t) => {
  const hub = await startTestHub(t);
  await host(t, hub, 'supervisord', 's', ['web']);
  await processesKnown(hub, 1);
  const tail = await openLines(t, hub, '/tail?target=s/*&follow=1');
  const { body } = await hub.ask('GET', '/hosts');
  await hub.ask('DELETE', `/hosts/${body[0].id}`);
  await until('the note', () => tail.notes().includes('s/web:web: s is no longer a host of this hub'));
});

test('a filter runs on the hub: text, expression; one that could not end is refused or harmless (abuse 10)', async (t) => {
  const hub = await startTestHub(t);
  const s = await host(t, hub, 'supervisord', 's', ['web']);
  await processesKnown(hub, 1);
  const evil = `${'a'.repeat(50_000)}!`;
  s.say('web', `GET /a 200\nGET /b 503\n${evil}\nGET /c 500\n`);
  await until('the lines', () => s.supervisor.read('web.out').includes('/c 500'));
  const get = async (query: string): Promise<string[]> =>
    (
      await hub.raw('GET', `/api/v1/tail?target=s/web:web&bytes=1000000&${query}`, {
        cookie: hub.session.cookie,
      })
    )
      .text()
      .then((text) =>
        text
          .split('\n')
          .filter(Boolean)
          .flatMap((line) => JSON.parse(line).text ?? []),
      );
  expect(await get('text=/b')).toEqual(['GET /b 503']);
  expect(await get(`regex=${encodeURIComponent('5\\d\\d$')}`)).toEqual(['GET /b 503', 'GET /c 500']);
  expect(await get(`regex=${encodeURIComponent('5\\d\\d$')}&lines=1`)).toEqual(['GET /c 500']);
  const beganMs = performance.now();
  expect(await get(`regex=${encodeURIComponent('^(a+)+$')}`)).toEqual([]);
  expect(performance.now() - beganMs).toBeLessThan(3_000);
  const refused = await hub.ask('GET', `/tail?target=s/web:web&regex=${encodeURIComponent('(?<=x)y')}`);
  expect([refused.status, refused.body.problems[0].where]).toEqual([422, 'regex']);
});

const FLOOD = `[program:flood]
command=/bin/sh -c 'while true; do cat {dir}/block; done'
stdout_logfile={dir}/flood.out
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=1
stderr_logfile=NONE
startsecs=0
autostart=false
`;
const BLOCK = `${'flood '.repeat(15)}\n`.repeat(10_000);

test('H26 a flood: what is skipped is said, the quiet one is not held up, memory stays, a stopped reader stops alone', async (t) => {
  const hub = await startTestHub(t);
  const a = await host(t, hub, 'agent', 'a', ['quiet'], FLOOD);
  a.supervisor.write('block', BLOCK);
  await processesKnown(hub, 2);
  await a.supervisor.rpc('startProcess', 'flood');
  const stopped = await openLines(t, hub, '/tail?target=a/*&follow=1');
  const merged = await openLines(t, hub, '/tail?target=a/*&follow=1');
  stopped.answer.pause();
  await until('the flood', () => merged.texts('a/flood:flood').length > 10_000);
  const beforeBytes = process.memoryUsage().rss;
  for (let i = 0; i < 5; i++) {
    merged.lines.length = 0; // the test's own memory is not the hub's
    const askedMs = performance.now();
    a.say('quiet', `quiet ${i}\n`);
    await until('the quiet line', () => merged.texts('a/quiet:quiet').includes(`quiet ${i}`));
    expect(performance.now() - askedMs).toBeLessThan(3_000);
    expect((await hub.ask('GET', '/fleet')).status).toBe(200);
  }
  await until('what was left out', () => merged.notes().some((says) => says.includes('are left out')));
  expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(150 * 2 ** 20);
  const seen = stopped.lines.length;
  stopped.answer.resume();
  await until('the stopped reader goes on', () => stopped.lines.length > seen);
  await until('it is told what it missed', () =>
    stopped.notes().some((says) => says.includes('are left out')),
  );
  expect(hub.bugs).toEqual([]);
});

test('H28 a tail ends within seconds of the session', async (t) => {
  const hub = await startTestHub(t);
  await host(t, hub, 'supervisord', 's', ['web']);
  await processesKnown(hub, 1);
  const tail = await openLines(t, hub, '/tail?target=s/*&follow=1');
  const events = await openLines(t, hub, '/events/stream');
  await hub.ask('DELETE', '/session');
  await until('their ends', () => tail.ended() && events.ended(), { withinMs: 5_000 });
});
