import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Action, ActionTarget } from '../../src/fleet/action.ts';
import { hostsReady, joining, type KillableHub, startKillableHub } from '../support/killable-hub.ts';
import { seeded } from '../support/seeded.ts';
import { startSupervisor, type TestSupervisor } from '../support/supervisors.ts';
import { until } from '../support/until.ts';

/** More of them with `npm run test:kills`. */
const KILLS = Number(process.env.FLEETVISOR_KILLS ?? 8);
const SEED = Number(process.env.FLEETVISOR_SEED ?? 7);
/** An action over all four processes takes about this long. */
const LATEST_KILL_MS = 1_000;

/** Writes a line for each start, each TERM and each HUP it gets: what was really done, in order. */
const PROGRAM = `[program:web]
command=/bin/sh -c 'trap "echo HUP >> {dir}/web_%(process_num)02d" HUP; trap "echo TERM >> {dir}/web_%(process_num)02d; exit 0" TERM; echo START >> {dir}/web_%(process_num)02d; echo $$ > {dir}/pid_%(process_num)02d; while :; do sleep 0.05; done'
process_name=%(program_name)s_%(process_num)02d
numprocs=2
startsecs=0
autorestart=false
`;

const ROLLING = { mode: 'rolling', batch: { n: 1, of: 'targets' }, onFailure: 'continue' };

test(
  `H1 a hub killed at ${KILLS} random moments of an action leaves each target done, cancelled or unknown, and nothing done twice`,
  async (t) => {
    const hub = await startKillableHub(t);
    const agent = await startSupervisor(t, 'agent', { config: PROGRAM + (await joining(hub, 'agent')) });
    const stock = await startSupervisor(t, 'supervisord', { config: PROGRAM });
    await hub.ask('POST', '/hosts', { name: 'stock', url: `unix://${stock.socketPath}` });
    const random = seeded(SEED);
    const counts: Record<string, number> = {};
    let midway = 0;
    for (let round = 0; round < KILLS; round++) {
      await hostsReady(hub, 2);
      for (const supervisor of [agent, stock]) await clean(supervisor);
      const verb = (['restart', 'restart', 'signal'] as const)[round % 3] ?? 'restart';
      const { action, wasMidway } = await killedDuring(hub, verb, random);
      if (wasMidway) midway++;
      for (const supervisor of [agent, stock]) await settled(supervisor);
      const from = (target: ActionTarget) => () =>
        written(target.host === 'agent' ? agent : stock, target.process);
      for (const target of action.targets) {
        await claim(verb, target, from(target), `round ${round}, seed ${SEED}`);
        counts[target.outcome.kind] = (counts[target.outcome.kind] ?? 0) + 1;
      }
      await startAll(hub);
      for (const target of action.targets)
        if (target.outcome.kind === 'done')
          expect(from(target)(), 'nothing more came').toEqual(EXACTLY[verb]);
    }
    console.log(`${KILLS} kills, ${midway} in the middle:`, counts);
    expect(midway, 'kills that came in the middle').toBeGreaterThan(KILLS / 10);
  },
  30_000 + KILLS * 45_000,
);

/** Begins an action, kills the hub somewhere on the way, starts it again and waits for the end. */
async function killedDuring(
  hub: KillableHub,
  verb: string,
  random: () => number,
): Promise<{ readonly action: Action; readonly wasMidway: boolean }> {
  const request = { verb, selector: 'web:*', pace: ROLLING, ...(verb === 'signal' ? { signal: 'HUP' } : {}) };
  const key = { 'idempotency-key': randomUUID() };
  const begun = hub.ask('POST', '/actions', request, key).catch(() => null);
  const untilMs = performance.now() + random() * (verb === 'signal' ? 200 : LATEST_KILL_MS);
  await until('the moment of the kill', () => performance.now() >= untilMs, { everyMs: 1 });
  await hub.kill();
  const before = await begun;
  await hub.start();
  if (before === null) await hostsReady(hub, 2);
  // Nobody heard the answer: the same key gives the same action, begun or not.
  const again = await hub.ask('POST', '/actions', request, key);
  expect([200, 202]).toContain(again.status);
  if (before !== null) expect(again.body.id).toBe(before.body.id);
  const wasMidway = again.status === 200 && again.body.finishedAtMs === null;
  return { action: await hub.finished(again.body.id), wasMidway };
}

/** Waits until every child that runs has got so far that it writes what happens to it. */
async function settled(supervisor: TestSupervisor): Promise<void> {
  for (const name of ['web_00', 'web_01'])
    await until(`${name} to be ready`, async () => {
      const { statename, pid } = await supervisor.rpc('getProcessInfo', `web:${name}`);
      return statename !== 'RUNNING' || supervisor.read(`pid_${name.slice(4)}`).trim() === String(pid);
    });
}

async function clean(supervisor: TestSupervisor): Promise<void> {
  await settled(supervisor);
  for (const name of ['web_00', 'web_01']) supervisor.write(name, '');
}

const written = (supervisor: TestSupervisor, process: string): string[] =>
  supervisor.read(process).split('\n').filter(Boolean);

const EXACTLY = { restart: ['TERM', 'START'], signal: ['HUP'] } as const;

/** What became of a target by its outcome is what its child wrote: it may take a moment to. */
async function claim(
  verb: 'restart' | 'signal',
  { host, process, outcome }: ActionTarget,
  read: () => readonly string[],
  when: string,
): Promise<void> {
  const what = `${when}: ${host}/${process} ${JSON.stringify(outcome)}`;
  if (outcome.kind === 'done')
    await until(`${what} did ${EXACTLY[verb]}`, () => {
      if (read().join() !== EXACTLY[verb].join()) throw new Error(`it did ${read()}`);
      return true;
    });
  else if (outcome.kind === 'cancelled') expect(read(), what).toEqual([]);
  else {
    expect(outcome.kind, what).toBe('unknown');
    expect(EXACTLY[verb].slice(0, read().length), what).toEqual(read());
  }
}

/** A target whose start is unknown may be down: the next round begins with all of them up. */
async function startAll(hub: KillableHub): Promise<void> {
  const { body } = await hub.ask('POST', '/actions', { verb: 'start', selector: 'web:*' });
  await hub.finished(body.id);
  await hostsReady(hub, 2);
}
