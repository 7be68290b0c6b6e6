import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Server } from 'socket.io';
import { rightsOfRole } from '../../src/accounts/rights.ts';
import type { Action, Plan } from '../../src/fleet/action.ts';
import { ActionsTold } from '../../src/live/action-news.ts';
import type { BrowserToHub, FleetDelta, HubToBrowser } from '../../src/live/contract.ts';
import type { FleetNow } from '../../src/web/fleet-now.ts';
import { webPages } from '../../src/web/pages.ts';
import { madeUpAlertRoutes } from './made-up-alerts.ts';
import { madeUpPastRoutes } from './made-up-past.ts';
import { madeUpScheduleRoutes } from './made-up-schedules.ts';

/** The console over a fleet that stands still until a test changes it: real pages, real socket, made-up hub. */
export interface ConsoleHarness {
  readonly url: string;
  /** What the browsers asked for: `POST /actions {…}`. */
  readonly asked: { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** Sends a delta with the next number, and keeps it for later pages. */
  change(delta: Partial<Omit<FleetDelta, 'seq' | 'atMs'>>): void;
  /** Tells of an action as it stands, and keeps it for later pages. */
  action(action: Action): void;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly fleet: FleetNow;
  readonly assetsFolder: string;
  readonly nowMs: () => number;
  readonly role?: 'viewer' | 'operator' | 'admin';
}

export async function consoleHarness({
  fleet: first,
  assetsFolder,
  nowMs,
  role = 'admin',
}: HarnessOptions): Promise<ConsoleHarness> {
  let fleet = first;
  const asked: ConsoleHarness['asked'] = [];
  const app = express();
  app.use(express.json());
  app.use('/api/v1', (req, _res, next) => {
    asked.push({ method: req.method, path: req.path, body: req.body });
    next();
  });
  app.post('/api/v1/session', (req, res) => {
    if (req.body.password !== 'right')
      return void res.status(401).json({ type: 'about:blank', title: 'no', status: 401 });
    res.cookie('session', 'yes', { path: '/' }).json({ user: req.body.user, role, csrf: 'c' });
  });
  app.get('/api/v1/views', (_req, res) => void res.json([]));
  app.get(
    '/api/v1/session',
    (_req, res) => void res.json({ user: 'mei', role, rights: rightsOfRole(role), csrf: 'c' }),
  );
  app.use('/api/v1', madeUpPastRoutes(nowMs));
  app.use('/api/v1', madeUpAlertRoutes(nowMs));
  app.use('/api/v1', madeUpScheduleRoutes(nowMs));
  app.post('/api/v1/plans', (req, res) => void res.json(planOf(fleet, req.body)));
  app.post('/api/v1/actions', (_req, res) => void res.status(202).json(fleet.actions[0]));
  app.post('/api/v1/actions/:id/cancel', (_req, res) => void res.json(fleet.actions[0]));
  app.post(
    '/api/v1/join-tokens',
    (_req, res) =>
      void res.status(201).json({ token: 'fvj_7Qm2-94kd-x1Tz', uses: 1, expiresAtMs: nowMs() + 900_000 }),
  );
  app.post(
    '/api/v1/hosts',
    (req, res) =>
      void res.status(422).json({
        type: 'x',
        title: 'The host cannot be added.',
        status: 422,
        problems: [{ where: 'url', says: `nothing listens at ${req.body.url}`, hint: 'Check the port.' }],
      }),
  );
  app.use(
    webPages({
      signOn: null,
      clock: { wallMs: nowMs, uptimeMs: () => performance.now(), after: () => () => {} },
      basePath: '',
      signedIn: (req) =>
        /session=yes/.test(req.headers.cookie ?? '')
          ? { user: 'mei', role, rights: rightsOfRole(role), csrf: 'c' }
          : null,
      fleet: () => ({ ...fleet, atMs: nowMs() }),
      async api(_req, { path }) {
        const answer = await fetch(`${at()}/api/v1${path}`);
        const body: unknown = await answer.json().catch(() => null);
        return { status: answer.status, cookies: [], body };
      },
      action: (id) => fleet.actions.find((action) => action.id === id) ?? null,
      assetsFolder,
    }),
  );
  const server = createServer(app);
  const at = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told = new ActionsTold();
  const io = new Server<BrowserToHub, HubToBrowser>(server);
  io.of('/live').on('connection', (socket) => {
    socket.on('watch', () => {
      told.clear();
      socket.emit('fleet', { ...fleet, atMs: nowMs() });
    });
    socket.on('tail:open', ({ tailId, target, channels }, answer) => {
      answer({ ok: true });
      socket.emit('tail:lines', {
        tailId,
        skipped: 0,
        lines: [target].flat().flatMap((one) => logLines(one, channels, nowMs())),
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: at(),
    asked,
    change(delta) {
      const full: FleetDelta = {
        seq: fleet.seq + 1,
        atMs: nowMs(),
        hosts: [],
        goneHosts: [],
        processes: [],
        goneProcesses: [],
        ...delta,
      };
      fleet = merged(fleet, full);
      io.of('/live').emit('delta', full);
    },
    action(action) {
      const others = fleet.actions.filter(({ id }) => id !== action.id);
      fleet = { ...fleet, actions: [action, ...others] };
      for (const news of told.news(action)) io.of('/live').emit('action:news', news);
    },
    close: () => new Promise((resolve) => void io.close(() => resolve())),
  };
}

function merged(fleet: FleetNow, delta: FleetDelta): FleetNow {
  const key = ({ hostId, group, name }: { hostId: string; group: string; name: string }): string =>
    `${hostId}/${group}:${name}`;
  const processes = new Map(fleet.processes.map((process) => [key(process), process]));
  for (const process of delta.processes) processes.set(key(process), process);
  for (const gone of delta.goneProcesses) processes.delete(gone);
  const hosts = new Map(fleet.hosts.map((host) => [host.id, host]));
  for (const host of delta.hosts) hosts.set(host.id, host);
  for (const gone of delta.goneHosts) hosts.delete(gone);
  return {
    ...fleet,
    seq: delta.seq,
    atMs: delta.atMs,
    hosts: [...hosts.values()],
    processes: [...processes.values()],
  };
}

function planOf(
  fleet: FleetNow,
  body: { verb: Plan['verb']; selector: string; only?: readonly string[] },
): Plan {
  const group = /^group (.+)$/.exec(body.selector)?.[1];
  const named = fleet.processes
    .map((process) => ({ process, host: fleet.hosts.find(({ id }) => id === process.hostId)?.name ?? '' }))
    .filter(({ process, host }) => {
      const target = `${host}/${process.group}:${process.name}`;
      if (body.only !== undefined) return body.only.includes(target);
      return group !== undefined
        ? process.group === group
        : target === body.selector || body.selector === `${host}/*:*`;
    })
    .map(({ process, host }) => ({
      hostId: process.hostId,
      host,
      group: process.group,
      process: process.name,
      state: process.state,
      fresh: process.fresh,
    }));
  const able = ({ state, fresh }: (typeof named)[number]): boolean =>
    fresh && (body.verb !== 'stop' || state === 'RUNNING' || state === 'STARTING' || state === 'BACKOFF');
  const targets = named.filter(able);
  return {
    verb: body.verb,
    selector: body.selector,
    targets,
    leftAlone: named
      .filter((one) => !able(one))
      .map((one) => ({ ...one, reason: one.fresh ? `is ${one.state}` : `${one.host} does not answer` })),
    hosts: [...new Set(targets.map(({ host }) => host))].sort(),
  };
}

const LINES = [
  ['stdout', 'GET /products/4417 \u001b[32m200\u001b[0m 18ms'],
  ['stdout', 'GET /img/8f31c2?w=640 \u001b[32m200\u001b[0m 212ms'],
  ['stderr', '\u001b[33mWARNING\u001b[0m  worker: cache image_sizes holds 61290 keys'],
  ['stdout', 'POST /cart \u001b[36m303\u001b[0m 41ms'],
  ['stdout', 'GET /orders/771 \u001b[31m504\u001b[0m 2004ms'],
  ['stderr', '\u001b[31mERROR\u001b[0m  upstream api-02:8080 timeout after 2000 ms, request 41b7c0'],
  ['stdout', '商品 4417 已售出 <b>not bold</b>'],
] as const;

function logLines(
  target: string,
  channels: readonly string[],
  nowMs: number,
): Parameters<HubToBrowser['tail:lines']>[0]['lines'] {
  const lines = Array.from({ length: 40 }, (_, at) => ({
    line: LINES[at % LINES.length] ?? LINES[0],
    atMs: nowMs - (40 - at) * 137,
  })).filter(({ line }) => channels.includes(line[0]));
  return [
    ...lines.map(({ line, atMs }) => ({
      kind: 'line' as const,
      source: target,
      channel: line[0],
      text: line[1],
      atMs,
    })),
    {
      kind: 'note' as const,
      source: target,
      channel: 'stdout' as const,
      says: 'web-02 was away for 14 s, resumed where it stopped. No line is missing',
      atMs: nowMs,
    },
  ];
}
