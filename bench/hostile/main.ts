import { type ChildProcess, spawn } from 'node:child_process';
import { callXml, parseAnswer, sendRaw } from '../../tests/support/raw-http.ts';
import { freePort, type SupervisorKind } from '../../tests/support/supervisors.ts';
import { type Subject, withSubject } from '../agent/subject.ts';
import { type Attack, attack } from './attack.ts';

const PROGRAMS = 20;
/** A well-formed call without an answer by then is counted as lost. */
const PATIENCE_MS = 10_000;
const BODY = callXml('supervisor.getAllProcessInfo');
const SOUND = `POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`;

interface Measured {
  readonly stage: string;
  readonly timesMs: readonly number[];
  readonly lost: number;
  readonly growthMiB: number;
  readonly childrenCalm: boolean;
  readonly alive: boolean;
}

/** `npm run test:hostile -- [seconds per stage] [seed]`: well-formed calls while others misbehave. */
async function main([seconds = '15', seed = '1']: readonly string[]): Promise<void> {
  const inTurn: Record<SupervisorKind, readonly Measured[]> = {
    agent: await suffer('agent', Number(seconds), Number(seed)),
    supervisord: await suffer('supervisord', Number(seconds), Number(seed)),
  };
  console.log(
    `${seconds} s a stage, seed ${seed}; calls are getAllProcessInfo of ${PROGRAMS} programs over TCP\n`,
  );
  console.log(
    '| stage | daemon | calls | p50 ms | p99 ms | worst ms | lost | memory MiB | children | lives |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  inTurn.agent.forEach((ours, i) => {
    const theirs = inTurn.supervisord[i];
    console.log(line('agent', ours));
    if (theirs === undefined) return;
    console.log(line('supervisord', theirs));
    console.log(
      `| | agent : supervisord | | ${[0.5, 0.99, 1].map((part) => ratio(ours, theirs, part)).join(' | ')} | | | | |`,
    );
  });
  const held = inTurn.agent.every(({ lost, childrenCalm, alive }) => lost === 0 && childrenCalm && alive);
  process.exitCode = held ? 0 : 1;
}

async function suffer(kind: SupervisorKind, seconds: number, seed: number): Promise<readonly Measured[]> {
  const port = await freePort();
  const programs = Array.from(
    { length: PROGRAMS },
    (_, i) => `[program:q${i}]\ncommand=sleep 100000\nstartsecs=0\n`,
  );
  const config = `[inet_http_server]\nport=127.0.0.1:${port}\n${programs.join('')}`;
  return withSubject(kind, { config }, async (subject) => {
    for (let i = 0; i < PROGRAMS; i++) await subject.state(`q${i}`, 'RUNNING');
    const stages: Measured[] = [];
    for (const stage of ['idle', 'junk', 'huge'] as const) {
      const attacker = stage === 'idle' ? null : startAttack(stage, port, seed);
      stages.push(await measure(subject, stage, port, seconds));
      attacker?.kill('SIGTERM');
    }
    return stages;
  });
}

function startAttack(kind: Attack, port: number, seed: number): ChildProcess {
  const args = [process.argv[1] ?? '', 'attack', kind, String(port), String(seed)];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}

async function measure(subject: Subject, stage: string, port: number, seconds: number): Promise<Measured> {
  const childrenBefore = await childrenOf(subject);
  const before = subject.rssMiB();
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, subject.rssMiB());
  }, 100);
  const timesMs: number[] = [];
  let lost = 0;
  for (const endsMs = performance.now() + seconds * 1000; performance.now() < endsMs; ) {
    const asked = performance.now();
    const { status } = parseAnswer(await sendRaw(port, SOUND, () => false, { withinMs: PATIENCE_MS }));
    if (status === 200) timesMs.push(performance.now() - asked);
    else lost++;
  }
  clearInterval(sampling);
  const childrenAfter = await Promise.race([childrenOf(subject), later(PATIENCE_MS, null)]);
  return {
    ...{ stage, timesMs: timesMs.sort((a, b) => a - b), lost, growthMiB: peak - before },
    childrenCalm: childrenAfter === childrenBefore,
    alive: subject.child.exitCode === null && subject.child.signalCode === null,
  };
}

/** Pid and start of every child, as one text. */
async function childrenOf({ rpc }: Subject): Promise<string> {
  const all: { name: string; pid: number; start: number }[] = await rpc('getAllProcessInfo');
  return all.map(({ name, pid, start }) => `${name} ${pid} ${start}`).join('\n');
}

function later<T>(ms: number, value: T): Promise<T> {
  return new Promise((done) => setTimeout(() => done(value), ms).unref());
}

function at({ timesMs }: Measured, part: number): number {
  return timesMs[Math.min(timesMs.length - 1, Math.floor(timesMs.length * part))] ?? Number.NaN;
}

function ratio(ours: Measured, theirs: Measured, part: number): string {
  return `${(at(ours, part) / at(theirs, part)).toFixed(2)}×`;
}

function line(daemon: string, one: Measured): string {
  const times = [0.5, 0.99, 1].map((part) => at(one, part).toFixed(1));
  const words = [one.childrenCalm ? 'unharmed' : 'NOT SEEN UNHARMED', one.alive ? 'yes' : 'NO'];
  return `| ${[one.stage, daemon, one.timesMs.length, ...times, one.lost, `+${one.growthMiB.toFixed(0)}`, ...words].join(' | ')} |`;
}

const [first, kind, port, seed] = process.argv.slice(2);
if (first === 'attack') attack(kind === 'huge' ? 'huge' : 'junk', Number(port), Number(seed));
else await main(process.argv.slice(2));
