import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { type Heard, heard, hears, listenerSection, listenerUp } from '../support/listening.ts';
import { eachSupervisor, startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

const SLEEPER = '[program:p]\ncommand=/bin/sleep 100\nstartsecs=0\nautostart=false\n';
const about = (name: string) => (event: Heard) => event.payload.startsWith(`processname:${name} `);
const names = (events: readonly Heard[]) => events.map(({ header }) => header.eventname);
const mainLogHas = (s: TestSupervisor, text: string) =>
  until(`main log has ${text}: ${s.log().slice(-500)}`, () => s.log().includes(text));
const comm = (s: TestSupervisor, data: string) => s.rpc('sendRemoteCommEvent', 'test', data);
const dataOf = ({ payload }: Heard) => payload.slice(payload.indexOf('\n') + 1);

eachSupervisor((kind) => {
  test('EVT-001 EVT-002 EVT-007 EVT-008 EVENT delivers every type, each under its own name', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: SLEEPER + listenerSection('l', 'EVENT', 'ok', 'buffer_size=100'),
    });
    await listenerUp(s, 'l');
    await s.rpc('startProcess', 'p');
    await s.rpc('stopProcess', 'p');
    await s.rpc('removeProcessGroup', 'p');
    await comm(s, 'done');
    const events = await hears(s, 'l', 1, ({ header }) => header.eventname === 'REMOTE_COMMUNICATION').then(
      () => heard(s, 'l'),
    );
    t.expect(names(events)).toEqual(
      t.expect.arrayContaining([
        'PROCESS_GROUP_ADDED',
        'SUPERVISOR_STATE_CHANGE_RUNNING',
        'PROCESS_STATE_STARTING',
        'PROCESS_STATE_RUNNING',
        'PROCESS_STATE_STOPPING',
        'PROCESS_STATE_STOPPED',
        'PROCESS_GROUP_REMOVED',
        'REMOTE_COMMUNICATION',
      ]),
    );
  });

  test('EVT-002 a subscription to a parent delivers its children and nothing else', async (t) => {
    const s = await startSupervisor(t, kind, { config: SLEEPER + listenerSection('l', 'PROCESS_GROUP') });
    await s.rpc('startProcess', 'p');
    await s.rpc('stopProcess', 'p');
    await s.rpc('removeProcessGroup', 'p');
    const events = await hears(s, 'l', 1, ({ header }) => header.eventname === 'PROCESS_GROUP_REMOVED').then(
      () => heard(s, 'l'),
    );
    t.expect(new Set(names(events))).toEqual(new Set(['PROCESS_GROUP_ADDED', 'PROCESS_GROUP_REMOVED']));
  });

  test('EVT-010 to EVT-012 EVT-016 EVT-024 the life of a process, in order, before the answers that caused it', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: SLEEPER + listenerSection('l', 'PROCESS_STATE', 'ok', 'buffer_size=50'),
    });
    await listenerUp(s, 'l');
    await s.rpc('startProcess', 'p');
    const { pid } = await s.rpc('getProcessInfo', 'p');
    await s.rpc('stopProcess', 'p');
    const events = await hears(s, 'l', 4, about('p'));
    t.expect(events.map(({ header, payload }) => `${header.eventname} ${payload}`)).toEqual([
      'PROCESS_STATE_STARTING processname:p groupname:p from_state:STOPPED tries:0',
      `PROCESS_STATE_RUNNING processname:p groupname:p from_state:STARTING pid:${pid}`,
      `PROCESS_STATE_STOPPING processname:p groupname:p from_state:RUNNING pid:${pid}`,
      `PROCESS_STATE_STOPPED processname:p groupname:p from_state:STOPPING pid:${pid}`,
    ]);
  });

  test('EVT-011 EVT-014 retries count, and FATAL adds nothing', async (t) => {
    const config = '[program:p]\ncommand=/bin/false\nstartsecs=5\nstartretries=1\nautostart=false\n';
    const s = await startSupervisor(t, kind, {
      config: config + listenerSection('l', 'PROCESS_STATE', 'ok', 'buffer_size=50'),
    });
    await listenerUp(s, 'l');
    await s.startShortLived('p');
    const events = await hears(s, 'l', 5, about('p'));
    t.expect(events.map(({ payload }) => payload.slice('processname:p groupname:p '.length))).toEqual([
      'from_state:STOPPED tries:0',
      'from_state:STARTING tries:1',
      'from_state:BACKOFF tries:1',
      'from_state:STARTING tries:2',
      'from_state:BACKOFF',
    ]);
  });

  test('EVT-013 EXITED tells whether it was expected', async (t) => {
    const one = (name: string, code: number) =>
      `[program:${name}]\ncommand=/bin/sh -c 'sleep 0.3; exit ${code}'\nstartsecs=0\nautorestart=false\nautostart=false\n`;
    const config = one('good', 0) + one('bad', 3) + listenerSection('l', 'PROCESS_STATE_EXITED');
    const s = await startSupervisor(t, kind, { config });
    for (const name of ['good', 'bad']) await s.rpc('startProcess', name);
    const events = await hears(s, 'l', 2);
    t.expect(events.map(({ payload }) => payload.replace(/\d+$/, 'N')).sort()).toEqual([
      'processname:bad groupname:bad from_state:RUNNING expected:0 pid:N',
      'processname:good groupname:good from_state:RUNNING expected:1 pid:N',
    ]);
  });

  test('EVT-015 stopped while backing off: STOPPED from BACKOFF with pid 0', async (t) => {
    const config = '[program:p]\ncommand=/bin/false\nstartsecs=5\nstartretries=50\nautostart=false\n';
    const s = await startSupervisor(t, kind, {
      config: config + listenerSection('l', 'PROCESS_STATE_STOPPED'),
    });
    // supervisord may just be trying again when it is told to stop: then once more.
    const event = await until('STOPPED from BACKOFF', async () => {
      await s.startShortLived('p').catch(() => {});
      await s.state('p', 'BACKOFF');
      await s.rpc('stopProcess', 'p').catch(() => {});
      await s.state('p', 'STOPPED');
      return heard(s, 'l').find(({ payload }) => payload.includes('from_state:BACKOFF'));
    });
    t.expect(event.payload).toBe('processname:p groupname:p from_state:BACKOFF pid:0');
  });

  test('EVT-004 EVT-018 EVT-030 log events carry a channel line and the chunk, of programs that enable them', async (t) => {
    const config = `
[program:p]
command=/bin/sh -c 'while [ ! -e {dir}/go ]; do sleep 0.05; done; echo out; sleep 0.3; echo err >&2; exec sleep 100'
startsecs=0
stdout_events_enabled=true
stderr_events_enabled=true
[program:q]
command=/bin/sh -c 'while [ ! -e {dir}/go ]; do sleep 0.05; done; echo unheard; exec sleep 100'
startsecs=0
`;
    const s = await startSupervisor(t, kind, { config: config + listenerSection('l', 'PROCESS_LOG') });
    await listenerUp(s, 'l');
    writeFileSync(`${s.dir}/go`, '');
    const events = await hears(s, 'l', 2);
    const { pid } = await s.rpc('getProcessInfo', 'p');
    t.expect(events.map(({ header, payload }) => [header.eventname, payload])).toEqual([
      ['PROCESS_LOG_STDOUT', `processname:p groupname:p pid:${pid} channel:stdout\nout\n`],
      ['PROCESS_LOG_STDERR', `processname:p groupname:p pid:${pid} channel:stderr\nerr\n`],
    ]);
  });

  test('EVT-019 what is not UTF-8 comes as a Python bytes literal', async (t) => {
    const emit = "while [ ! -e {dir}/go ]; do sleep 0.05; done\nprintf 'it\\047s \\377\\n'\nexec sleep 100\n";
    const config = '[program:p]\ncommand=/bin/sh {dir}/emit.sh\nstartsecs=0\nstdout_events_enabled=true\n';
    const s = await startSupervisor(t, kind, {
      config: config + listenerSection('l', 'PROCESS_LOG'),
      files: { 'emit.sh': emit },
    });
    writeFileSync(`${s.dir}/go`, '');
    const [event] = await hears(s, 'l', 1);
    t.expect(event && dataOf(event)).toBe(String.raw`Undecodable: b"it's \xff\n"`);
  });

  test('EVT-020 EVT-033 a remote communication carries its type and data', async (t) => {
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'REMOTE_COMMUNICATION') });
    await s.rpc('sendRemoteCommEvent', 'my-type', 'line1\nline2');
    await s.rpc('sendRemoteCommEvent', '', '');
    t.expect((await hears(s, 'l', 2)).map(({ payload }) => payload)).toEqual([
      'type:my-type\nline1\nline2',
      'type:\n',
    ]);
  });

  test('EVT-006 EVT-021 EVT-029 a tick carries the start of its period', async (t) => {
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'TICK_5') });
    const [first, second] = await hears(s, 'l', 2);
    const whens = [first, second].map((event) => Number(event?.payload.slice('when:'.length)));
    t.expect(names([first, second] as Heard[])).toEqual(['TICK_5', 'TICK_5']);
    t.expect(whens.map((when) => when % 5)).toEqual([0, 0]);
    t.expect((whens[1] ?? 0) - (whens[0] ?? 0)).toBe(5);
  });

  test('EVT-005 EVT-022 EVT-028 the daemon says RUNNING once, with an empty payload, before any process starts', async (t) => {
    const config = `[program:p]\ncommand=/bin/sleep 100\n${listenerSection('l', 'SUPERVISOR_STATE_CHANGE,PROCESS_STATE_STARTING')}`;
    const s = await startSupervisor(t, kind, { config });
    const [first, second] = await hears(s, 'l', 2);
    t.expect([first?.header.eventname, first?.header.len, first?.payload]).toEqual([
      'SUPERVISOR_STATE_CHANGE_RUNNING',
      '0',
      '',
    ]);
    t.expect(second?.header.eventname).toBe('PROCESS_STATE_STARTING');
  });

  test('EVT-023 EVT-026 groups are told as they become active, by priority, to pools made before or at the same time', async (t) => {
    const late =
      '[program:z]\ncommand=/bin/sleep 100\npriority=999\n[program:y]\ncommand=/bin/sleep 100\npriority=998\n';
    const s = await startSupervisor(t, kind, { config: late + listenerSection('l', 'PROCESS_GROUP_ADDED') });
    t.expect((await hears(s, 'l', 3)).map(({ payload }) => payload)).toEqual([
      'groupname:l\n',
      'groupname:y\n',
      'groupname:z\n',
    ]);
    await s.rpc('stopProcess', 'z');
    await s.rpc('removeProcessGroup', 'z');
    await s.rpc('addProcessGroup', 'z');
    t.expect((await hears(s, 'l', 4)).at(-1)?.payload).toBe('groupname:z\n');
  });

  test('EVT-027 a removal is told after it happened', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: SLEEPER + listenerSection('l', 'PROCESS_GROUP_REMOVED'),
    });
    await s.rpc('removeProcessGroup', 'p');
    t.expect((await hears(s, 'l', 1))[0]?.payload).toBe('groupname:p\n');
  });

  test('EVT-031 a listener’s own stdout is never a log event, its stderr may be', async (t) => {
    const speak =
      "printf 'READY\\n'\nwhile [ ! -e {dir}/go ]; do sleep 0.05; done\necho words >&2\nexec sleep 100\n";
    const other = `
[eventlistener:e]
command=/bin/sh {dir}/speak.sh
events=TICK_3600
startsecs=0
stderr_events_enabled=true
`;
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'PROCESS_LOG') + other,
      files: { 'speak.sh': speak },
    });
    writeFileSync(`${s.dir}/go`, '');
    const events = await hears(s, 'l', 1);
    t.expect(events.map(({ header }) => header.eventname)).toEqual(['PROCESS_LOG_STDERR']);
    t.expect(events.map(dataOf)).toEqual(['words\n']);
  });

  test('EVT-032 a listener hears of itself', async (t) => {
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'PROCESS_STATE') });
    const events = await hears(s, 'l', 2, about('l'));
    t.expect(names(events)).toEqual(['PROCESS_STATE_STARTING', 'PROCESS_STATE_RUNNING']);
  });

  test('EVT-034 EVT-035 the header is one line in fixed order', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION'),
      daemon: 'identifier=here',
    });
    await comm(s, 'data');
    t.expect((await hears(s, 'l', 1))[0]?.line).toBe(
      'ver:3.0 server:here serial:0 pool:l poolserial:0 eventname:REMOTE_COMMUNICATION len:14\n',
    );
  });

  test('EVT-036 EVT-037 EVT-038 serials count what some pool takes, pool serials what this pool takes', async (t) => {
    const config =
      SLEEPER +
      listenerSection('a', 'REMOTE_COMMUNICATION') +
      listenerSection('b', 'REMOTE_COMMUNICATION,PROCESS_STATE_STOPPED');
    const s = await startSupervisor(t, kind, { config });
    await comm(s, 'one');
    await s.rpc('startProcess', 'p');
    await s.rpc('stopProcess', 'p');
    await comm(s, 'two');
    const serials = async (name: string, count: number) =>
      (await hears(s, name, count)).map(({ header }) => [header.serial, header.poolserial]);
    t.expect(await serials('a', 2)).toEqual([
      ['0', '0'],
      ['2', '1'],
    ]);
    t.expect(await serials('b', 3)).toEqual([
      ['0', '0'],
      ['1', '1'],
      ['2', '2'],
    ]);
  });

  test('EVT-039 serials go on over a restart in place, pool serials begin anew', async (t) => {
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'REMOTE_COMMUNICATION') });
    await comm(s, 'before');
    await hears(s, 'l', 1);
    await s.rpc('restart');
    await until(
      'running again',
      async () =>
        s.log().split('RPC interface').length > 2 && (await s.rpc('getState')).statename === 'RUNNING',
    );
    await comm(s, 'after');
    const [before, after] = await hears(s, 'l', 2);
    t.expect([before?.header.serial, after?.header.serial, after?.header.poolserial]).toEqual([
      '0',
      '1',
      '0',
    ]);
  });

  test('EVT-040 len counts bytes at the agent (supervisord counts characters)', async (t) => {
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'REMOTE_COMMUNICATION') });
    await comm(s, 'é€');
    const [event] = await hears(s, 'l', 1);
    const sent = 'type:test\né€';
    t.expect(event?.header.len).toBe(String(kind === 'agent' ? Buffer.byteLength(sent) : sent.length));
    if (kind === 'agent') t.expect(event?.payload).toBe(sent);
  });

  test('EVT-042 EVT-053 a listener that says anything but READY gets no events and goes on running', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'wrong'),
    });
    await mainLogHas(
      s,
      'WARN l: has entered the UNKNOWN state and will no longer receive events, this usually indicates the process violated the eventlistener protocol',
    );
    await comm(s, 'unheard');
    t.expect((await s.rpc('getProcessInfo', 'l')).statename).toBe('RUNNING');
    t.expect(heard(s, 'l')).toEqual([]);
  });

  test('EVT-044 a listener that speaks while READY gets no more events', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'noise'),
    });
    await listenerUp(s, 'l');
    writeFileSync(`${s.dir}/l.events.go`, '');
    await mainLogHas(s, 'WARN l: has entered the UNKNOWN state');
    t.expect((await s.rpc('getProcessInfo', 'l')).statename).toBe('RUNNING');
  });

  test('EVT-045 EVT-051 events come one at a time, each after its answer', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'hold'),
    });
    for (const data of ['1', '2', '3']) await comm(s, data);
    t.expect(await hears(s, 'l', 1)).toHaveLength(1);
    writeFileSync(`${s.dir}/l.events.go`, '');
    t.expect((await hears(s, 'l', 3)).map(dataOf)).toEqual(['1', '2', '3']);
  });

  test('EVT-047 a length that is no number rejects the event (abuse 16)', async (t) => {
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'REMOTE_COMMUNICATION', 'bad') });
    await comm(s, 'data');
    await mainLogHas(s, "WARN l: bad result line: 'RESULT nonsense'");
    await mainLogHas(s, 'WARN l: has entered the UNKNOWN state');
  });

  test('EVT-048 EVT-064 EVT-065 a rejected event comes again with the same serials', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'fail-first'),
    });
    await comm(s, 'data');
    const [first, second] = await hears(s, 'l', 2);
    t.expect(second).toEqual(first);
    await mainLogHas(s, 'WARN l: event was rejected');
  });

  test('EVT-052 an event in the hand of a listener that dies comes again', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'die-first'),
    });
    await comm(s, 'data');
    const [first, second] = await hears(s, 'l', 2);
    t.expect(second).toEqual(first);
  });

  test('EVT-054 what a listener says is in its stdout log', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'ok', 'stdout_logfile={dir}/l.out'),
    });
    await comm(s, 'data');
    await until('protocol is logged', () => s.read('l.out') === 'READY\nRESULT 2\nOKREADY\n');
  });

  test('EVT-055 a listener gets nothing before it is RUNNING', async (t) => {
    const config = listenerSection('l', 'REMOTE_COMMUNICATION').replace('startsecs=0', 'startsecs=3');
    const s = await startSupervisor(t, kind, { config });
    await listenerUp(s, 'l');
    await comm(s, 'data');
    const info = () => s.rpc('getProcessInfo', 'l');
    await until(
      'it starts or hears',
      async () => (await info()).statename === 'RUNNING' || heard(s, 'l').length > 0,
    );
    t.expect((await info()).statename).toBe('RUNNING');
    t.expect(await hears(s, 'l', 1)).toHaveLength(1);
  });

  test('EVT-056 each pool gets every event once, whichever of its members handles it', async (t) => {
    const config = listenerSection(
      'l',
      'REMOTE_COMMUNICATION',
      'ok',
      'numprocs=3\nprocess_name=l%(process_num)d\n',
    );
    const s = await startSupervisor(t, kind, {
      config: config + listenerSection('m', 'REMOTE_COMMUNICATION'),
    });
    for (const data of ['1', '2', '3', '4', '5']) await comm(s, data);
    for (const name of ['l', 'm']) {
      const events = await hears(s, name, 5);
      t.expect(events.map(dataOf).sort()).toEqual(['1', '2', '3', '4', '5']);
    }
  });

  test('EVT-059 a full buffer drops the oldest and says so', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'wait', 'buffer_size=2\n'),
    });
    for (const data of ['1', '2', '3', '4']) await comm(s, data);
    await mainLogHas(s, 'ERRO pool l event buffer overflowed, discarding event 1');
    t.expect(s.log()).toContain('ERRO pool l event buffer overflowed, discarding event 0');
    writeFileSync(`${s.dir}/l.events.go`, '');
    t.expect((await hears(s, 'l', 2)).map(dataOf)).toEqual(['3', '4']);
  });

  test('EVT-058 EVT-061 events queue from the making of the pool on', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'SUPERVISOR_STATE_CHANGE', 'wait'),
    });
    await listenerUp(s, 'l');
    writeFileSync(`${s.dir}/l.events.go`, '');
    t.expect(names(await hears(s, 'l', 1))).toEqual(['SUPERVISOR_STATE_CHANGE_RUNNING']);
  });

  test('EVT-062 two subscriptions that overlap deliver once at the agent (twice at supervisord)', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'PROCESS_GROUP,PROCESS_GROUP_REMOVED') + SLEEPER,
    });
    await s.rpc('removeProcessGroup', 'p');
    await s.rpc('addProcessGroup', 'p');
    const events = await hears(
      s,
      'l',
      1,
      ({ payload, header }) => payload === 'groupname:p\n' && header.poolserial === '3',
    ).then(() => heard(s, 'l'));
    const removed = names(events).filter((name) => name === 'PROCESS_GROUP_REMOVED');
    t.expect(removed).toHaveLength(kind === 'agent' ? 1 : 2);
  });

  test('EVT-063 a rejected event goes to no other pool at the agent (supervisord leaks it)', async (t) => {
    const config =
      listenerSection('l', 'REMOTE_COMMUNICATION', 'fail-first') +
      listenerSection('m', 'PROCESS_GROUP_REMOVED');
    const s = await startSupervisor(t, kind, { config: config + SLEEPER });
    await comm(s, 'data');
    await hears(s, 'l', 2);
    await s.rpc('removeProcessGroup', 'p');
    const events = await hears(s, 'm', 1, ({ header }) => header.eventname === 'PROCESS_GROUP_REMOVED').then(
      () => heard(s, 'm'),
    );
    t.expect(names(events).includes('REMOTE_COMMUNICATION')).toBe(kind === 'supervisord');
  });

  test('EVT-067 an event larger than a pipe reaches a slow listener whole', async (t) => {
    // supervisord's loop raises on a full pipe: the row is for the agent.
    const size = kind === 'agent' ? 300_000 : 30_000;
    const s = await startSupervisor(t, kind, { config: listenerSection('l', 'REMOTE_COMMUNICATION') });
    await comm(s, 'x'.repeat(size));
    const [event] = await hears(s, 'l', 1);
    t.expect(event && dataOf(event).length).toBe(size);
  });

  test('EVT-068 a restart in place forgets what was queued', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'REMOTE_COMMUNICATION', 'wait'),
    });
    await listenerUp(s, 'l');
    await comm(s, 'forgotten');
    await s.rpc('restart');
    await until(
      'running again',
      async () =>
        s.log().split('RPC interface').length > 2 && (await s.rpc('getState')).statename === 'RUNNING',
    );
    writeFileSync(`${s.dir}/l.events.go`, '');
    await comm(s, 'kept');
    t.expect((await hears(s, 'l', 1)).map(dataOf)).toEqual(['kept']);
  });

  test('EVT-069 a shutdown waits for no event', async (t) => {
    const s = await startSupervisor(t, kind, {
      config: listenerSection('l', 'EVENT', 'hold', 'buffer_size=100\n'),
    });
    await hears(s, 'l', 1);
    t.expect((await s.stop()).code).toBe(0);
  });

  test('EVT-071 EVT-072 listeners built on supervisor’s own childutils work unmodified', async (t) => {
    const listener = `
import sys
from supervisor import childutils
while True:
    headers, payload = childutils.listener.wait()
    pheaders, data = childutils.eventdata(payload + '\\n')
    with open('{dir}/heard', 'a') as log:
        log.write('%s %s\\n' % (headers['eventname'], pheaders.get('processname', '')))
    childutils.listener.ok()
`;
    const config = `
[eventlistener:c]
command=/usr/bin/python3 {dir}/child.py
events=PROCESS_STATE_RUNNING
startsecs=0
`;
    const s = await startSupervisor(t, kind, { config: config + SLEEPER, files: { 'child.py': listener } });
    await s.rpc('startProcess', 'p');
    await until('heard', () => s.read('heard').includes('PROCESS_STATE_RUNNING p\n'));
    await s.rpc('stopProcess', 'p');
    await s.rpc('startProcess', 'p');
    await until('heard again', () => s.read('heard').split('RUNNING p').length === 3);
  });

  test('EVT-040 a listener on childutils hears text that is not ASCII at once, at the agent with length_in=characters', async (t) => {
    const listener = `
from supervisor import childutils
while True:
    headers, payload = childutils.listener.wait()
    with open('{dir}/heard', 'a', encoding='utf-8') as log:
        log.write(payload.split('\\n')[1] + '\\n')
    childutils.listener.ok()
`;
    const config = `
[eventlistener:c]
command=/usr/bin/python3 {dir}/child.py
events=REMOTE_COMMUNICATION
startsecs=0
length_in=characters
environment=PYTHONIOENCODING="utf-8"
`;
    const s = await startSupervisor(t, kind, { config, files: { 'child.py': listener } });
    for (const data of ['é€', '日本 😀', 'plain']) {
      await comm(s, data);
      await until(data, () => s.read('heard').endsWith(`${data}\n`));
    }
  });
});
