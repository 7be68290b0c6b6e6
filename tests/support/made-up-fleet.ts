import type { Action, Outcome } from '../../src/fleet/action.ts';
import type { HostView } from '../../src/fleet/host.ts';
import { endedAs } from '../../src/fleet/outcome.ts';
import type { Beat, ProcessView } from '../../src/fleet/process.ts';
import { inEnglish, said, told } from '../../src/fleet/said.ts';
import type { LatelyEvent } from '../../src/live/contract.ts';
import type { FleetNow } from '../../src/web/fleet-now.ts';

/** A fleet to draw: 12 hosts, 82 processes, one of every trouble, one action under way. The same at every call. */
export function madeUpFleet(nowMs: number): FleetNow {
  const hosts = HOSTS.map((spec) => hostOf(spec, nowMs));
  const processes = hosts.flatMap((host) =>
    (MEMBERS[host.name] ?? []).map((name, at) => processOf(host, name, at, nowMs)),
  );
  const counted = hosts.map((host) => ({
    ...host,
    processCount: processes.filter(({ hostId }) => hostId === host.id).length,
  }));
  return {
    seq: 1,
    atMs: nowMs,
    hosts: counted,
    processes,
    lately: latelyOf(nowMs),
    actions: actionsOf(hosts, nowMs),
  };
}

/** Many healthy processes with a few broken ones, for speed. */
export function largeFleet(hostCount: number, perHost: number, nowMs: number): FleetNow {
  const hosts = Array.from({ length: hostCount }, (_, at) =>
    hostOf(
      [
        `node-${String(at).padStart(3, '0')}`,
        at % 3 === 0 ? 'stage' : 'prod',
        at % 2 === 0 ? 'agent' : 'supervisord',
        '4.2.5',
      ],
      nowMs,
    ),
  );
  const processes = hosts.flatMap((host, h) =>
    Array.from({ length: perHost }, (_, p) => {
      const made = processOf(
        host,
        `${GROUPS[p % GROUPS.length]}:task_${String(p).padStart(2, '0')}`,
        p + h,
        nowMs,
      );
      return (h * perHost + p) % 997 === 0 ? { ...made, ...fatal(nowMs) } : made;
    }),
  );
  return {
    seq: 1,
    atMs: nowMs,
    hosts: hosts.map((host) => ({ ...host, processCount: perHost })),
    processes,
    lately: [],
    actions: [],
  };
}

const GROUPS = ['web', 'api', 'worker', 'cron', 'vector'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type HostSpec = readonly [name: string, environment: string, kind: HostView['kind'], version: string];
const HOSTS: readonly HostSpec[] = [
  ['web-01', 'prod', 'agent', '0.4.0'],
  ['web-02', 'prod', 'agent', '0.4.0'],
  ['web-03', 'prod', 'agent', '0.4.0'],
  ['web-04', 'prod', 'agent', '0.4.0'],
  ['api-01', 'prod', 'agent', '0.4.0'],
  ['api-02', 'prod', 'agent', '0.4.0'],
  ['api-03', 'prod', 'supervisord', '4.2.5'],
  ['work-01', 'prod', 'supervisord', '4.2.2'],
  ['work-02', 'prod', 'supervisord', '3.3.1'],
  ['cron-01', 'prod', 'supervisord', '4.2.5'],
  ['stage-01', 'stage', 'agent', '0.4.0'],
  ['stage-02', 'stage', 'supervisord', '4.2.5'],
];

const WEB = [
  'web:gunicorn_00',
  'web:gunicorn_01',
  'web:gunicorn_02',
  'web:gunicorn_03',
  'web:static',
  'vector:vector',
];
const API = ['api:http_00', 'api:http_01', 'api:http_02', 'api:http_03', 'api:outbox', 'vector:vector'];
const WORK = [
  'worker:mail_00',
  'worker:mail_01',
  'worker:thumbs_00',
  'worker:thumbs_01',
  'worker:thumbs_02',
  'worker:billing',
  'worker:search',
  'vector:vector',
];
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'web-01': WEB,
  'web-02': WEB,
  'web-03': WEB,
  'web-04': WEB,
  'api-01': API,
  'api-02': API,
  'api-03': API,
  'work-01': WORK,
  'work-02': WORK,
  'cron-01': ['cron:backup', 'cron:reports', 'cron:rotate', 'vector:vector'],
  'stage-01': [
    'web:gunicorn_00',
    'web:gunicorn_01',
    'web:static',
    'api:http_00',
    'api:http_01',
    'api:outbox',
    'worker:mail_00',
    'worker:thumbs_00',
    'worker:search',
    'vector:vector',
  ],
  'stage-02': [
    'web:gunicorn_00',
    'web:gunicorn_01',
    'web:static',
    'api:http_00',
    'api:http_01',
    'api:outbox',
    'cron:backup',
    'cron:reports',
    'cron:rotate',
    'vector:vector',
  ],
};

function hostOf([name, environment, kind, version]: HostSpec, nowMs: number): HostView {
  const lost = name === 'work-02';
  return {
    id: `h-${name}`,
    name,
    kind,
    url:
      kind === 'agent' ? null : `http://10.2.0.${name.length + name.charCodeAt(name.length - 1)}:9001/RPC2`,
    environment,
    tags: [environment, name.split('-')[0] ?? ''],
    disabled: false,
    createdAtMs: nowMs - 40 * DAY,
    reachability: lost
      ? {
          kind: 'unreachable',
          sinceMs: nowMs - 6 * MINUTE - 7_000,
          failure: {
            kind: 'timeout',
            says: inEnglish(said('link.silent')),
            mend: inEnglish(said('mend.silent', { host: name })),
            said: said('link.silent'),
            mendSaid: said('mend.silent', { host: name }),
          },
        }
      : { kind: 'reachable', sinceMs: nowMs - 3 * DAY },
    facts: {
      identifier: 'supervisor',
      version,
      daemonState: 'RUNNING',
      pid: 811,
      clockSkewMs: name === 'stage-02' ? -4_200 : 12,
      ...(kind === 'agent' ? { machine: { memoryBytes: 4 * 2 ** 30, cpus: 4 } } : {}),
    },
    lastSeenMs: lost ? nowMs - 6 * MINUTE - 7_000 : nowMs - 400,
    processCount: 0,
  };
}

/** Numbers that look alive and never change between calls. */
function steady(seed: string, from: number, to: number): number {
  let hash = 2_166_136_261;
  for (const char of seed) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
  return from + ((hash % 1_000) / 1_000) * (to - from);
}

const beatsOf = (end: readonly (Beat | null)[]): (Beat | null)[] => [
  ...Array.from({ length: 24 - end.length }, () => 'running' as const),
  ...end,
];

function processOf(host: HostView, namespec: string, at: number, nowMs: number): ProcessView {
  const [group = '', name = ''] = namespec.split(':');
  const agent = host.kind === 'agent';
  const seed = `${host.name}/${namespec}`;
  const upMs = steady(host.name, 2 * HOUR, 18 * DAY);
  const made: ProcessView = {
    hostId: host.id,
    group,
    name,
    state: 'RUNNING',
    sinceMs: nowMs - upMs,
    pid: 3_000 + Math.floor(steady(seed, 0, 30_000)),
    startedAtMs: nowMs - upMs,
    stoppedAtMs: 0,
    exitStatus: null,
    exitSignal: null,
    expected: null,
    spawnError: '',
    retryAtMs: null,
    tries: null,
    startMs: agent ? 30_000 : null,
    restarts: 0,
    flapping: false,
    crash: null,
    cpuPercent: agent ? steady(seed, 0.4, 14) : null,
    memoryBytes: agent ? steady(`${seed}m`, 160, 240) * 2 ** 20 : null,
    beats: beatsOf(
      at % 5 === 4 && group === 'web' ? ['crashed', 'starting', 'running', 'running', 'running'] : [],
    ),
    fresh: host.reachability.kind !== 'unreachable',
    hasStdout: true,
    hasStderr: group !== 'vector',
  };
  return {
    ...made,
    ...(made.fresh
      ? (TROUBLE[`${host.name}/${namespec}`]?.(nowMs) ?? {})
      : { beats: [...made.beats.slice(4), null, null, null, null] }),
  };
}

const fatal = (nowMs: number): Partial<ProcessView> => ({
  state: 'FATAL',
  sinceMs: nowMs - 4 * MINUTE,
  pid: 0,
  stoppedAtMs: nowMs - 4 * MINUTE,
  exitStatus: 1,
  expected: false,
  tries: 4,
  spawnError: 'Exited too quickly (process log may have details)',
  restarts: 4,
  cpuPercent: null,
  memoryBytes: null,
  beats: beatsOf(['starting', 'backoff', 'fatal']),
  crash: {
    atMs: nowMs - 4 * MINUTE,
    lines: ['connecting to db-01:5432', 'could not connect to server: Connection refused (db-01:5432)'],
  },
});

const starting = (nowMs: number, s: number, restarts: number): Partial<ProcessView> => ({
  state: 'STARTING',
  sinceMs: nowMs - s * 1_000,
  startedAtMs: nowMs - s * 1_000,
  startMs: 30_000,
  restarts,
  cpuPercent: null,
  memoryBytes: null,
  beats: beatsOf([null, 'starting']),
});

const ended = (nowMs: number, state: 'EXITED' | 'STOPPED', ms: number): Partial<ProcessView> => ({
  state,
  sinceMs: nowMs - ms,
  stoppedAtMs: nowMs - ms,
  pid: 0,
  exitStatus: 0,
  expected: state === 'EXITED' ? true : null,
  cpuPercent: null,
  memoryBytes: null,
  beats: beatsOf([state === 'EXITED' ? 'exited' : 'stopped']),
});

const TROUBLE: Readonly<Record<string, (nowMs: number) => Partial<ProcessView>>> = {
  'api-02/api:outbox': fatal,
  'work-01/worker:billing': (nowMs) => ({
    state: 'BACKOFF',
    sinceMs: nowMs - 38_000,
    pid: 0,
    exitStatus: 78,
    expected: false,
    retryAtMs: nowMs + 4_000,
    tries: 3,
    restarts: 3,
    beats: beatsOf(['backoff', 'backoff']),
    crash: { atMs: nowMs - 38_000, lines: ['billing: STRIPE_KEY is not set'] },
  }),
  'web-03/web:gunicorn_02': (nowMs) => ({
    sinceMs: nowMs - 72_000,
    startedAtMs: nowMs - 72_000,
    pid: 41_877,
    exitStatus: -1,
    exitSignal: 'SIGKILL',
    restarts: 7,
    flapping: true,
    cpuPercent: 31.4,
    memoryBytes: 308 * 2 ** 20,
    beats: beatsOf([
      'crashed',
      'starting',
      'crashed',
      'starting',
      'running',
      'crashed',
      'starting',
      'running',
      'crashed',
      'starting',
      'running',
      'crashed',
      'starting',
    ]),
    crash: {
      atMs: nowMs - 73_000,
      lines: [
        'WARNING  worker: resident 491 MiB, cache image_sizes holds 218402 keys',
        'MemoryError while resizing upload 8f31c2.tiff',
        '  File "app/images.py", line 214, in resize',
        '    buf = bytearray(width * height * 4)',
      ],
    },
  }),
  'web-03/web:gunicorn_03': (nowMs) => starting(nowMs, 8, 3),
  'api-03/api:http_02': (nowMs) => starting(nowMs, 6, 1),
  'cron-01/cron:reports': (nowMs) => ended(nowMs, 'EXITED', 84 * MINUTE),
  'stage-02/cron:reports': (nowMs) => ended(nowMs, 'EXITED', 84 * MINUTE),
  'stage-01/worker:thumbs_00': (nowMs) => ended(nowMs, 'STOPPED', 26 * MINUTE),
  'stage-02/api:outbox': (nowMs) => ended(nowMs, 'STOPPED', 3 * HOUR),
};

function latelyOf(nowMs: number): LatelyEvent[] {
  const lines: readonly (readonly [
    agoMs: number,
    kind: LatelyEvent['kind'],
    mark: string,
    title: string,
    detail: string,
    link: string,
  ])[] = [
    [
      8_000,
      'process',
      'STARTING',
      'web:gunicorn_03 STARTING',
      'web-03 · restart by mei',
      '/processes/web-03/web:gunicorn_03',
    ],
    [
      30_000,
      'process',
      'FATAL',
      'api:outbox BACKOFF → FATAL',
      'api-02 · exit 1',
      '/processes/api-02/api:outbox',
    ],
    [
      46_000,
      'process',
      'BACKOFF',
      'worker:billing EXITED → BACKOFF',
      'work-01 · exit 78',
      '/processes/work-01/worker:billing',
    ],
    [
      80_000,
      'process',
      'flapping',
      'web:gunicorn_02 restarted, 7th time',
      'web-03 · SIGKILL',
      '/processes/web-03/web:gunicorn_02',
    ],
    [
      157_000,
      'process',
      'RUNNING',
      'web:gunicorn_01 RUNNING',
      'web-02 · restart by mei',
      '/processes/web-02/web:gunicorn_01',
    ],
    [
      6 * MINUTE + 7_000,
      'host',
      'unreachable',
      'work-02 unreachable',
      'timeout, no answer in 5 s',
      '/hosts/work-02',
    ],
    [
      6 * MINUTE + 41_000,
      'action',
      'restart',
      'mei began a restart',
      'web*/web:* · 20 processes',
      '/actions/a-101',
    ],
    [
      26 * MINUTE,
      'process',
      'STOPPED',
      'worker:thumbs_00 STOPPED',
      'stage-01 · by mei',
      '/processes/stage-01/worker:thumbs_00',
    ],
    [
      84 * MINUTE,
      'process',
      'EXITED',
      'cron:reports EXITED 0',
      'cron-01 · ran 4 s',
      '/processes/cron-01/cron:reports',
    ],
  ];
  return lines.map(([agoMs, kind, mark, title, detail, link], at) => ({
    id: 100 - at,
    atMs: nowMs - agoMs,
    kind,
    mark,
    title,
    detail,
    link,
  }));
}

function actionsOf(hosts: readonly HostView[], nowMs: number): Action[] {
  const targets = hosts
    .filter(({ name }) => name.startsWith('web-'))
    .flatMap((host) =>
      WEB.slice(0, 5).map((spec) => ({
        hostId: host.id,
        host: host.name,
        group: 'web',
        process: spec.split(':')[1] ?? '',
      })),
    );
  const outcome = (at: number): Outcome => {
    if (at === 12) return endedAs('failed', told('process.exitedBy', { signal: 'SIGKILL' }));
    if (at === 13) return { kind: 'working', state: 'STARTING', sinceMs: nowMs - 169_000 };
    if (at >= 15) return { kind: 'waiting' };
    return {
      kind: 'done',
      state: 'RUNNING',
      tookMs: 32_000 + ((at * 1_700) % 7_000),
      pids: { before: 20_686 + at * 113, after: 41_294 + at * 37 },
    };
  };
  const done = (
    id: string,
    verb: Action['verb'],
    selector: string,
    agoMs: number,
    n: number,
    failed: number,
  ): Action => ({
    id,
    verb,
    selector,
    by: 'jonas',
    startedAtMs: nowMs - agoMs,
    finishedAtMs: nowMs - agoMs + 9_000,
    cancelledBy: null,
    targets: targets.slice(0, n).map((target, at) => ({
      ...target,
      outcome:
        at < failed
          ? ({ kind: 'failed', reason: 'FATAL: Exited too quickly (process log may have details)' } as const)
          : ({ kind: 'done', state: verb === 'stop' ? 'STOPPED' : 'RUNNING', tookMs: 1_200 } as const),
    })),
  });
  return [
    {
      id: 'a-101',
      verb: 'restart',
      selector: 'web*/web:*',
      by: 'mei',
      startedAtMs: nowMs - 401_000,
      finishedAtMs: null,
      cancelledBy: null,
      targets: targets.map((target, at) => ({ ...target, outcome: outcome(at) })),
    },
    done('a-100', 'stop', 'stage-01/worker:thumbs_00', 26 * MINUTE, 1, 0),
    done('a-99', 'start', 'group web', DAY + HOUR, 7, 1),
    done('a-98', 'restart', 'group web', DAY + 3 * HOUR, 20, 0),
    { ...done('a-97', 'restart', 'group api', 2 * DAY, 4, 0), cancelledBy: 'mei' },
  ];
}
