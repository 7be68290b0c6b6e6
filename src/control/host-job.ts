import type { Outcome } from '../fleet/action.ts';
import type { LinkFailureKind } from '../fleet/host.ts';
import { endedAs } from '../fleet/outcome.ts';
import type { ProcessView } from '../fleet/process.ts';
import { asValue, type Told, told } from '../fleet/said.ts';
import type { Sent } from '../store/action-marks.ts';
import { diffTold, readDiff } from './group-diff.ts';
import {
  AWAY_MS,
  contact,
  type Job,
  type JobPorts,
  NO_SIGN_MS,
  STALE_MS,
  untilContact,
  waitFor,
} from './job.ts';
import { type Answer, askPast, sendOnce } from './send-once.ts';
import { outcomeOf } from './step.ts';

/** How long a supervisor that restarts may be away. */
const RELOAD_AWAY_MS = 60_000;

/** Has a supervisor read its configuration again, and touches nothing; harmless on repetition. */
export async function runReread(job: Job, ports: JobPorts): Promise<Outcome> {
  const startedMs = ports.clock.uptimeMs();
  const away = await untilContact(job.target, ports);
  if (away !== null) return endedAs('unreachable', away);
  const attempt = (job.past?.attempt ?? 0) + 1;
  const call = { step: 'reread', method: 'supervisor.reloadConfig', params: [], attempt, seen: null };
  const answer = await sendOnce(job, { ...call, first: true }, ports);
  const failed = failureIn(answer);
  if (failed !== null) return failed;
  const diff = answer.kind === 'taken' ? readDiff(answer.value) : null;
  const news = diff === null ? null : diffTold(diff);
  const tookMs = Math.round(ports.clock.uptimeMs() - startedMs);
  const what = news === null ? told('diff.nothing') : told('diff.would', { news: asValue(news) });
  return { kind: 'done', state: 'RUNNING', tookMs, ...what };
}

const METHODS = { reload: 'supervisor.restart', shutdown: 'supervisor.shutdown' } as const;

/** Restarts or ends a supervisor and watches until it is back, or gone. */
export async function runReloadOrShutdown(
  job: Job,
  verb: keyof typeof METHODS,
  ports: JobPorts,
): Promise<Outcome> {
  const startedMs = ports.clock.uptimeMs();
  const call = { method: METHODS[verb], params: [] };
  const { past } = job;
  const away = await untilContact(job.target, ports);
  if (past === null && away !== null) return endedAs('unreachable', away);
  const before = past === null ? 'not-run' : away !== null ? 'unsure' : await askPast(job, call, past, ports);
  const once = {
    ...call,
    step: verb,
    attempt: (past?.attempt ?? 0) + 1,
    first: past === null,
    seen: null,
    pids: childrenOf(job, ports).map(({ pid }) => pid),
  };
  const fatal = new Set(fatalOf(job, ports));
  const runId = ports.link(job.target.hostId)?.run?.() ?? null;
  const answer = before === 'not-run' ? await sendOnce(job, once, ports) : before;
  // a supervisor that ends at once may take its answer with it: what follows tells
  const unanswered = answer !== 'unsure' && answer.kind === 'error' && answer.error.kind === 'unknown';
  const failed = answer === 'unsure' || unanswered ? null : failureIn(answer);
  if (failed !== null) return failed;
  const seen =
    before === 'not-run'
      ? { pids: once.pids, runId, fatal, sent: told(unanswered ? 'sent.noAnswer' : 'sent.was') }
      : {
          pids: past?.pids ?? [],
          runId: past?.runId ?? null,
          fatal,
          sent: told(answer === 'unsure' ? 'sent.maybe' : 'sent.was'),
        };
  if (verb === 'reload') expectStarts(job, ports);
  const ended =
    verb === 'reload' ? await watchReload(job, seen, ports) : await watchShutdown(job, seen, ports);
  if (ended !== null) return ended;
  const tookMs = Math.round(ports.clock.uptimeMs() - startedMs);
  return { kind: 'done', state: verb === 'reload' ? 'RUNNING' : 'STOPPED', tookMs };
}

interface Seen {
  readonly pids: readonly number[];
  readonly runId: Sent['runId'];
  /** What was FATAL before says nothing about the reload. */
  readonly fatal: ReadonlySet<string>;
  readonly sent: Told;
}

/** Back: it was away since, or is another run, or none of the old children lives; and nothing is starting any more. */
async function watchReload(job: Job, seen: Seen, ports: JobPorts): Promise<Outcome | null> {
  const { clock } = ports;
  const sinceMs = clock.uptimeMs();
  let wasAway = false;
  let awaySinceMs: number | null = null;
  let backSinceMs: number | null = null;
  const ended = await waitFor(job.target, ports, 500, (): Outcome | 'back' | null => {
    const nowMs = clock.uptimeMs();
    const now = contact(job.target, ports);
    if (now.kind !== 'there') {
      if (now.kind === 'away') wasAway = true;
      if (isShuttingDown(job, ports)) awaySinceMs = null;
      else awaySinceMs ??= nowMs;
      backSinceMs = null;
      job.progress(supervisor('STARTING', sinceMs, ports, now.kind === 'away' ? now : undefined));
      const late = awaySinceMs !== null && nowMs - awaySinceMs >= RELOAD_AWAY_MS;
      return late ? endedAs('unknown', told('reload.notBack', { sent: asValue(seen.sent) })) : null;
    }
    awaySinceMs = null;
    const children = childrenOf(job, ports);
    const another =
      seen.runId !== null && (ports.link(job.target.hostId)?.run?.() ?? seen.runId) !== seen.runId;
    const replaced = seen.pids.length > 0 && !children.some(({ pid }) => seen.pids.includes(pid));
    const quietEnough =
      seen.pids.length === 0 && nowMs - sinceMs >= STALE_MS && seen.sent.said?.key === 'sent.was';
    const unsettled = children.filter(({ state }) => state === 'STARTING' || state === 'STOPPING');
    if (!(wasAway || another || replaced || quietEnough)) {
      job.progress(supervisor('STOPPING', sinceMs, ports));
      const waited = unsettled.length === 0 && nowMs - sinceMs >= 4 * NO_SIGN_MS;
      return waited ? endedAs('unknown', told('reload.nothing', { sent: asValue(seen.sent) })) : null;
    }
    backSinceMs ??= nowMs;
    job.progress(supervisor('STARTING', sinceMs, ports));
    if (unsettled.length > 0 || nowMs - backSinceMs < Math.max(job.settleMs, 1_000)) return null;
    const fatal = fatalOf(job, ports).filter((name) => !seen.fatal.has(name));
    return fatal.length === 0
      ? 'back'
      : endedAs('failed', told('reload.backFatal', { names: fatal.join(' ') }));
  });
  return ended === 'back' ? null : ended;
}

/** What a host that has no supervisor any more looks like. */
const GONE: ReadonlySet<LinkFailureKind> = new Set(['refused', 'no-socket', 'not-connected', 'closed']);

async function watchShutdown(job: Job, seen: Seen, ports: JobPorts): Promise<Outcome | null> {
  const { clock } = ports;
  let silentSinceMs: number | null = null;
  const sinceMs = clock.uptimeMs();
  const ended = await waitFor(job.target, ports, 500, (): Outcome | 'gone' | null => {
    const nowMs = clock.uptimeMs();
    const host = ports.fleet.host(job.target.hostId);
    const failure = host?.reachability.kind === 'unreachable' ? host.reachability.failure : null;
    if (failure !== null && GONE.has(failure.kind)) return 'gone';
    const moving =
      failure?.kind === 'shutting-down' ||
      (failure === null && processesOf(job, ports).some(({ state }) => state === 'STOPPING'));
    if (moving) silentSinceMs = null;
    else silentSinceMs ??= nowMs;
    job.progress(supervisor('STOPPING', sinceMs, ports));
    if (silentSinceMs === null || nowMs - silentSinceMs < AWAY_MS) return null;
    return endedAs(
      'unknown',
      told('shutdown.sent', {
        sent: asValue(seen.sent),
        why: failure === null ? asValue(told('shutdown.answers')) : asValue(failure),
      }),
    );
  });
  return ended === 'gone' ? null : ended;
}

function isShuttingDown({ target }: Job, { fleet }: JobPorts): boolean {
  const reachability = fleet.host(target.hostId)?.reachability;
  return reachability?.kind === 'unreachable' && reachability.failure.kind === 'shutting-down';
}

function supervisor(
  state: 'STARTING' | 'STOPPING' | 'RUNNING',
  sinceMs: number,
  { clock }: JobPorts,
  why?: Told,
): Outcome {
  const outcome = {
    kind: 'working',
    state,
    sinceMs: Math.round(clock.wallMs() - (clock.uptimeMs() - sinceMs)),
  } as const;
  if (why === undefined) return outcome;
  const { says, said } = why;
  return said === undefined ? { ...outcome, says } : { ...outcome, says, said };
}

export function processesOf({ target }: Job, { fleet }: JobPorts): readonly ProcessView[] {
  return fleet.processesOf(target.hostId);
}

function childrenOf(job: Job, ports: JobPorts): readonly ProcessView[] {
  return processesOf(job, ports).filter(({ pid }) => pid !== 0);
}

function fatalOf(job: Job, ports: JobPorts): string[] {
  const fatal = processesOf(job, ports).filter(({ state }) => state === 'FATAL');
  return fatal.map(({ group, name }) => `${group}:${name}`);
}

export function expectStarts(job: Job, ports: JobPorts): void {
  for (const { hostId, group, name } of processesOf(job, ports))
    ports.fleet.expectStart(`${hostId}/${group}:${name}`);
}

export function failureIn(answer: Answer): Outcome | null {
  if (answer.kind === 'final') return answer.outcome;
  if (answer.kind === 'taken') return null;
  return outcomeOf(null, answer.error) ?? endedAs('unknown', answer.error.told);
}
