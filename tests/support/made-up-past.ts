import { Router } from 'express';
import type { Crash, Drift, FleetEvent, HostConfig, SupervisorLog } from '../../src/api/contract.ts';
import type { UsageSeries } from '../../src/fleet/metrics.ts';
import type { ProcessOptions } from '../../src/fleet/process-options.ts';
import { restartSlots } from '../../src/fleet/restarts.ts';
import { type StateMark, type Timeline, timelineOf } from '../../src/fleet/timeline.ts';

const MINUTE_MS = 60_000;
const MIB = 2 ** 20;
/** Minutes ago, newest first: as many crashes as the picture of a flapping process has. */
const CRASHED = [1, 3, 6, 9, 12.5, 16.5, 19.5];
/** Half hours ago, how many restarts, and whether of one process. */
const MADE_RESTARTS: readonly (readonly [number, number, boolean])[] = [
  [40, 1, false],
  [28, 1, false],
  [12, 1, false],
  [7, 8, false],
  [6, 2, false],
  [4, 10, true],
  [2, 10, true],
  [1, 11, true],
  [0, 4, false],
];
const LAST_LINES = [
  'WARNING  worker: resident 491 MiB, cache image_sizes holds 218402 keys',
  'MemoryError while resizing <b>not bold</b> 上传.tiff',
  '  File "app/images.py", line 214, in resize',
];

/** The past of the one flapping process of the made-up fleet; everything else was always well. */
export function madeUpPast(nowMs: () => number) {
  const isFlapping = (process: string): boolean => process.endsWith('gunicorn_02');
  return {
    crashes: (process: string): Crash[] =>
      (isFlapping(process) ? CRASHED : []).map((minutes, nth) => ({
        id: 100 - nth,
        atMs: nowMs() - minutes * MINUTE_MS,
        state: 'EXITED',
        exitStatus: -1,
        exitSignal: 'SIGKILL',
        spawnError: '',
        lastLines: nth < 3 ? LAST_LINES : [],
      })),
    restarts: () => {
      const restarted = MADE_RESTARTS.flatMap(([halfHours, times, together]) =>
        Array.from({ length: together ? 1 : times }, (_, nth) => ({
          restartsAtMs: Array.from(
            { length: together ? times : 1 },
            (_, more) => nowMs() - halfHours * 30 * MINUTE_MS - (together ? times - more : nth) * 1_000,
          ),
        })),
      );
      return restartSlots(restarted, nowMs());
    },
    timeline: (process: string, hours: number): Timeline => {
      const toMs = nowMs();
      const ends = (isFlapping(process) ? CRASHED : []).toReversed().flatMap((minutes): StateMark[] => {
        const atMs = toMs - minutes * MINUTE_MS;
        return [
          { atMs, state: 'EXITED' },
          { atMs: atMs + 6_000, state: 'STARTING' },
          { atMs: atMs + 14_000, state: 'RUNNING' },
        ];
      });
      return timelineOf([{ atMs: 0, state: 'RUNNING' }, ...ends], toMs - hours * 60 * MINUTE_MS, toMs);
    },
    hostTimeline: (host: string, hours: number): Timeline => {
      const toMs = nowMs();
      const gaps: StateMark[] =
        host === 'work-02'
          ? [
              { atMs: toMs - 90 * MINUTE_MS, state: 'unreachable' },
              { atMs: toMs - 84 * MINUTE_MS, state: 'reachable' },
              { atMs: toMs - 6 * MINUTE_MS, state: 'unreachable' },
            ]
          : [];
      return timelineOf([{ atMs: 0, state: 'reachable' }, ...gaps], toMs - hours * 60 * MINUTE_MS, toMs);
    },
    usage: (process: string, hours: number): UsageSeries => {
      const toMs = nowMs();
      const stepMs = Math.max(15_000, (hours * 60 * MINUTE_MS) / 240);
      const points = Array.from({ length: 238 }, (_, nth) => {
        const atMs = toMs - (238 - nth) * stepMs;
        const minutes = (toMs - atMs) / MINUTE_MS;
        const since = (CRASHED.find((one) => one >= minutes) ?? minutes) - minutes;
        const grown = minutes < 19.5 ? 150 + since * 115 : 200 + (60 - minutes) * 7.4;
        const memory = (isFlapping(process) ? grown : 200 + nth * 0.4) * MIB;
        const cpu = 12 + 4 * Math.sin(nth / 3) + (since < 0.3 && minutes < 20 ? 60 : 0);
        return { atMs, cpu, cpuMost: cpu, memory, memoryMost: memory };
      });
      return { fromMs: toMs - hours * 60 * MINUTE_MS, toMs, stepMs, points };
    },
    events: (process: string, host: string): FleetEvent[] =>
      (isFlapping(process) ? CRASHED : []).map((minutes, nth) => ({
        id: 900 - nth,
        kind: 'process',
        atMs: nowMs() - minutes * MINUTE_MS,
        hostId: host,
        host,
        group: process.split(':')[0] ?? '',
        process: process.split(':')[1] ?? '',
        state: nth % 2 === 0 ? 'EXITED' : 'RUNNING',
        pid: nth % 2 === 0 ? 0 : 41_000 + nth,
        exitStatus: -1,
        exitSignal: 'SIGKILL',
        expected: false,
        spawnError: '',
        restarted: nth % 2 === 1,
        crashed: nth % 2 === 0,
        lastLines: null,
      })),
    options: (group: string, name: string): ProcessOptions => ({
      group,
      name,
      options: {
        command: '/srv/web/bin/gunicorn app:app --workers 1 --bind 0.0.0.0:8000 --token=…',
        startsecs: '30',
        autorestart: 'unexpected',
        stopsignal: 'TERM',
        stdout_logfile: `/var/log/supervisor/${'long-'.repeat(20)}${name}.log`,
        stdout_logfile_maxbytes: '50MB',
        directory: 'none',
      },
      environment: ['DATABASE_URL', 'LANG', 'A_NAME_THAT_IS_VERY_LONG_INDEED_AND_GOES_ON_AND_ON'],
    }),
    log: (): SupervisorLog => ({
      atMs: nowMs(),
      lines: Array.from(
        { length: 30 },
        (_, nth) => `2026-11-23 06:24:${10 + nth},114 INFO spawned: 'web_${nth}' with pid ${4000 + nth}`,
      ),
      cut: true,
      says: '',
    }),
    drift: (group: string): Drift => ({
      group,
      rows:
        group === 'web'
          ? [
              {
                program: 'gunicorn',
                option: 'startsecs',
                values: [
                  { value: '30', hosts: ['stage-01', 'stage-02', 'web-01', 'web-02', 'web-03'] },
                  { value: '10', hosts: ['web-04'] },
                ],
              },
              {
                program: 'gunicorn',
                option: 'numprocs',
                values: [
                  { value: '4', hosts: ['web-01', 'web-02', 'web-03', 'web-04'] },
                  { value: '2', hosts: ['stage-01', 'stage-02'] },
                ],
              },
            ]
          : [],
      compared: ['stage-01', 'stage-02', 'web-01', 'web-02', 'web-03', 'web-04'],
      missing: group === 'worker' ? [{ host: 'work-02', says: 'work-02 does not answer: timeout' }] : [],
    }),
  };
}

/** The same over the API, as browsers ask for it. */
export function madeUpPastRoutes(nowMs: () => number): Router {
  const past = madeUpPast(nowMs);
  const router = Router();
  const hours = (last: unknown): number => Math.max(1, Math.round(Number(last) / 3_600_000));
  const config = (): HostConfig => ({
    atMs: nowMs(),
    says: '',
    processes: [past.options('web', 'gunicorn_00'), { ...past.options('web', 'static'), environment: null }],
  });
  router.get('/restarts', (_req, res) => void res.json(past.restarts()));
  router.get(
    '/processes/:host/:namespec',
    ({ params: { host, namespec } }, res) => void res.json({ events: past.events(namespec, host) }),
  );
  router.get(
    '/processes/:host/:namespec/crashes',
    ({ params }, res) => void res.json(past.crashes(params.namespec)),
  );
  router.get(
    '/processes/:host/:namespec/timeline',
    ({ params, query }, res) => void res.json(past.timeline(params.namespec, hours(query.last))),
  );
  router.get(
    '/processes/:host/:namespec/metrics',
    ({ params, query }, res) => void res.json(past.usage(params.namespec, hours(query.last))),
  );
  router.get('/processes/:host/:namespec/config', ({ params: { namespec } }, res) => {
    const [group = '', name = ''] = namespec.split(':');
    res.json({ atMs: nowMs(), says: '', process: past.options(group, name) });
  });
  router.post(
    '/processes/:host/:namespec/input',
    ({ body }, res) => void res.json({ bytes: Buffer.byteLength(body.text) }),
  );
  router.get(
    '/hosts/:id/timeline',
    ({ params, query }, res) => void res.json(past.hostTimeline(params.id, hours(query.last))),
  );
  router.get('/hosts/:id/metrics', ({ query }, res) => void res.json(past.usage('', hours(query.last))));
  router.get('/hosts/:id/config', (_req, res) => void res.json(config()));
  router.get('/hosts/:id/log', (_req, res) => void res.json(past.log()));
  router.get('/groups/:group/drift', ({ params }, res) => void res.json(past.drift(params.group)));
  router.get(
    '/events',
    (_req, res) =>
      void res.json({
        events: past.events('web:gunicorn_02', 'web-03').toReversed(),
        cursor: 1,
        more: false,
      }),
  );
  return router;
}
