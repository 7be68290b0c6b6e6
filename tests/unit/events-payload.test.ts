import { expect, test } from 'vitest';
import type { ProcessStateEvent, SupervisorEvent } from '../../agent/src/events/event.ts';
import { envelope, payload } from '../../agent/src/events/payload.ts';
import { eventType, subscribes } from '../../agent/src/events/types.ts';
import { eventTypeCovers, isKnownEventType } from '../../agent/src/protocol/event-types.ts';
import { PROCESS_STATE_CODES, type ProcessState } from '../../agent/src/protocol/states.ts';

const text = (event: SupervisorEvent): string => payload(event).toString();
const changed = (more: Partial<ProcessStateEvent>): ProcessStateEvent => ({
  kind: 'process-state',
  process: { name: 'p', group: 'g' },
  from: 'STARTING',
  to: 'RUNNING',
  wallMs: 0,
  pid: 42,
  tries: 3,
  expected: true,
  exit: null,
  spawnError: '',
  ...more,
});

test('EVT-002 each state has its event type', () => {
  const states = Object.keys(PROCESS_STATE_CODES) as ProcessState[];
  for (const to of states) expect(eventType(changed({ to }))).toBe(`PROCESS_STATE_${to}`);
  expect(states.every((to) => isKnownEventType(`PROCESS_STATE_${to}`))).toBe(true);
});

test('EVT-010 to EVT-014 state events carry name, group, former state and what the state adds', () => {
  expect(text(changed({ to: 'STARTING', from: 'STOPPED', tries: 0 }))).toBe(
    'processname:p groupname:g from_state:STOPPED tries:0',
  );
  expect(text(changed({ to: 'BACKOFF' }))).toBe('processname:p groupname:g from_state:STARTING tries:3');
  expect(text(changed({ to: 'RUNNING' }))).toBe('processname:p groupname:g from_state:STARTING pid:42');
  expect(text(changed({ to: 'STOPPING', from: 'RUNNING' }))).toBe(
    'processname:p groupname:g from_state:RUNNING pid:42',
  );
  expect(text(changed({ to: 'STOPPED', from: 'BACKOFF', pid: 0 }))).toBe(
    'processname:p groupname:g from_state:BACKOFF pid:0',
  );
  expect(text(changed({ to: 'EXITED', from: 'RUNNING', expected: false }))).toBe(
    'processname:p groupname:g from_state:RUNNING expected:0 pid:42',
  );
  expect(text(changed({ to: 'FATAL', from: 'BACKOFF' }))).toBe(
    'processname:p groupname:g from_state:BACKOFF',
  );
});

test('EVT-017 EVT-018 log and communication events carry the bytes after a line', () => {
  const log = { process: { name: 'p', group: 'g' }, pid: 7, data: Buffer.from('a\nb') };
  expect(text({ kind: 'process-log', channel: 'stderr', ...log })).toBe(
    'processname:p groupname:g pid:7 channel:stderr\na\nb',
  );
  expect(text({ kind: 'process-communication', channel: 'stdout', ...log })).toBe(
    'processname:p groupname:g pid:7\na\nb',
  );
});

test('EVT-019 data that is not UTF-8 becomes a Python bytes literal', () => {
  const data = Buffer.from([0x27, 0x61, 0xff, 0x0a, 0x5c, 0x00]);
  const event = {
    kind: 'process-log',
    channel: 'stdout',
    process: { name: 'p', group: 'g' },
    pid: 7,
    data,
  } as const;
  expect(text(event).split('\n')[1]).toBe(String.raw`Undecodable: b"'a\xff\n\\\x00"`);
});

test('EVT-020 to EVT-023 the other payloads', () => {
  expect(text({ kind: 'remote-communication', type: 't', data: 'x\ny' })).toBe('type:t\nx\ny');
  expect(text({ kind: 'tick', period: 60, when: 120 })).toBe('when:120');
  expect(text({ kind: 'daemon-state', to: 'RUNNING' })).toBe('');
  expect(text({ kind: 'group-added', group: 'g' })).toBe('groupname:g\n');
});

test('EVT-034 EVT-040 the header is one line in fixed order and counts bytes', () => {
  const body = Buffer.from('é€');
  const head = { identifier: 'id', serial: 3, pool: 'p', poolSerial: 1, eventName: 'REMOTE_COMMUNICATION' };
  expect(envelope(head, body, 'bytes').toString()).toBe(
    'ver:3.0 server:id serial:3 pool:p poolserial:1 eventname:REMOTE_COMMUNICATION len:5\né€',
  );
});

test('EVT-001 EVENT covers every type; a type covers itself and no sibling', () => {
  expect(eventTypeCovers('EVENT', 'REMOTE_COMMUNICATION')).toBe(true);
  expect(eventTypeCovers('PROCESS_STATE', 'PROCESS_STATE_FATAL')).toBe(true);
  expect(eventTypeCovers('PROCESS_STATE_FATAL', 'PROCESS_STATE_EXITED')).toBe(false);
  expect(eventTypeCovers('TICK', 'PROCESS_LOG_STDOUT')).toBe(false);
  expect(subscribes(['TICK_5', 'PROCESS_GROUP'], 'PROCESS_GROUP_ADDED')).toBe(true);
  expect([isKnownEventType('TICK_6'), isKnownEventType('constructor')]).toEqual([false, false]);
});
