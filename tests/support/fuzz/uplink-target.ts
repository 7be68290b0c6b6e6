import * as arrivals from '../../../agent/src/uplink/arrivals.ts';
import * as schemas from '../../../src/links/uplink-schemas.ts';
import type { FuzzTarget } from './target.ts';

const PROCESS = {
  name: 'web',
  group: 'web',
  state: 'RUNNING',
  sinceMs: 1,
  pid: 7,
  startedAtMs: 1,
  stoppedAtMs: 0,
  exitCode: null,
  exitSignal: null,
  expected: true,
  spawnError: '',
  tries: 0,
  retryInMs: null,
  startMs: 1,
  stopWaitMs: 1,
  hasStdout: true,
  hasStderr: true,
};
const FRAMES = [
  {
    nonce: 'n',
    newest: 1,
    oldest: 1,
    hubKey: 'k',
    hubSignature: 's',
    former: [{ hubKey: 'k', signature: 's' }],
  },
  {
    id: 'a',
    method: 'supervisor.getState',
    params: ['x', 1, { __proto__: null, a: [] }],
    deadlineMs: 5,
    sentAtMs: 1,
  },
  {
    tailId: 't',
    group: 'g',
    process: 'p',
    channel: 'stdout',
    lastBytes: 10,
    fromOffset: 0,
    credit: 10,
    follow: true,
  },
  { tailId: 't', bytes: 5, seq: 4 },
  { tailId: 't', kind: 'bytes', data: 'aGVsbG8=', endOffset: 5 },
  { id: 'a', kind: 'done', value: { x: [1, 'two'] } },
  [{ seq: 1, wallMs: 1, event: { kind: 'process', process: PROCESS, from: 'STARTING', lastLines: ['x'] } }],
  [{ seq: 2, wallMs: 1, event: { kind: 'metrics', of: { 'web:web': [0.5, 1024] } } }],
  {
    epoch: 'e',
    seq: 1,
    wallMs: 1,
    identifier: 'i',
    supervisorVersion: '4.2.5',
    daemonState: 'RUNNING',
    pid: 1,
    processes: [PROCESS],
    more: false,
  },
  {
    version: 1,
    publicKey: 'k',
    signature: 's',
    hostName: 'h',
    agentVersion: '1',
    capabilities: ['x'],
    allow: 'control',
    epoch: 'e',
    wallMs: 1,
  },
];
const CHECKS = Object.entries(arrivals).filter(([name]) => name !== 'checkAnswer');

/** Both ends take a frame or leave it; neither throws, whatever its members are. */
export const uplinkFrames: FuzzTarget = {
  name: 'uplink',
  seeds: FRAMES.map((frame) => Buffer.from(JSON.stringify(frame))),
  check(bytes) {
    const frame = frameOf(bytes.toString('utf8'));
    for (const [, check] of CHECKS) check(frame);
    for (const schema of Object.values(schemas)) schema.safeParse(frame);
  },
};

function frameOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a frame that is only text is one too
  }
}
