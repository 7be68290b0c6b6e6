import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActionRunner } from '../../src/control/action-runner.ts';
import { FleetState } from '../../src/control/fleet-state.ts';
import { type FleetNow, type HostNow, type PlanRequest, planning } from '../../src/control/plan.ts';
import { type Action, isHostVerb, type Plan, type Verb } from '../../src/fleet/action.ts';
import type { HostFacts } from '../../src/fleet/host.ts';
import { parseHostSelector } from '../../src/fleet/host-selector.ts';
import type { Pace } from '../../src/fleet/pace.ts';
import type { Told } from '../../src/fleet/said.ts';
import { parseSelector } from '../../src/fleet/selector.ts';
import type { LinkProcess } from '../../src/links/host-link.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { FakeClock } from './fake-clock.ts';
import { MadeLink, madeHost, madeProcess } from './made-link.ts';
import { NO_HISTORY } from './no-history.ts';
import type { Lifetime } from './supervisors.ts';

const FACTS: HostFacts = { identifier: 's', version: '4', daemonState: 'RUNNING', pid: 1, clockSkewMs: 0 };

/** A plan in one go. */
export function planOf(request: PlanRequest, fleet: FleetNow): Plan {
  const work = planning(request, fleet);
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value.plan;
  }
}

/** The whole fleet host by host. */
export const partsOf = (fleet: FleetState): HostNow[] =>
  fleet.hosts().map((host) => ({ host, processes: fleet.processesOf(host.id) }));

/** A runner over made links, a real store and a clock that moves when told. */
export class ActionBench {
  readonly clock = new FakeClock();
  readonly bugs: unknown[] = [];
  readonly links = new Map<string, MadeLink>();
  readonly store: Store;
  fleet: FleetState;
  runner: ActionRunner;
  forbidden: Told | null = null;

  constructor(t: Lifetime, hosts: readonly string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'fv-'));
    this.store = openStore({
      dataFolder: folder,
      migrations: join(import.meta.dirname, '../../migrations'),
      nowMs: 0,
    });
    t.onTestFinished(() => {
      this.store.close();
      rmSync(folder, { recursive: true });
    });
    this.fleet = this.#newFleet(hosts);
    for (const name of hosts) {
      this.links.set(name, new MadeLink(madeHost({ id: name, name })));
      this.has(name, madeProcess());
    }
    this.runner = this.#newRunner();
  }

  /** As if the hub had been killed and started again; its memory is empty, hosts tell anew. */
  restartHub(): void {
    this.fleet = this.#newFleet([...this.links.keys()]);
    for (const link of this.links.values()) link.calls.length = 0;
    this.runner = this.#newRunner();
  }

  link(hostId: string): MadeLink {
    const link = this.links.get(hostId);
    if (link === undefined) throw new Error(`no link ${hostId}`);
    return link;
  }

  has(hostId: string, ...processes: LinkProcess[]): void {
    this.fleet.reachability(hostId, { kind: 'reachable', sinceMs: 0 });
    this.fleet.snapshot(hostId, FACTS, processes);
  }

  away(hostId: string): void {
    const failure = { kind: 'refused', says: 'connection refused', mend: '' } as const;
    this.fleet.reachability(hostId, { kind: 'unreachable', sinceMs: this.clock.wallMs(), failure });
  }

  changed(hostId: string, more: Partial<LinkProcess>): void {
    this.fleet.changed(hostId, madeProcess(more), null);
  }

  /** Goes through what a restart looks like on a host. */
  async restarted(hostId: string, pid: number): Promise<void> {
    this.changed(hostId, { state: 'STOPPED', pid: 0 });
    await this.turns();
    this.changed(hostId, { state: 'STARTING', pid });
    this.changed(hostId, { pid });
    await this.turns();
  }

  plan(verb: Verb, selector: string, pace?: Pace): Plan {
    const parsed = isHostVerb(verb) ? parseHostSelector(selector) : parseSelector(selector);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return planOf(
      { verb, selector: parsed.value, pace },
      { hosts: partsOf(this.fleet), isBusy: (key) => this.runner.isBusy(key) },
    );
  }

  async run(verb: Verb, selector: string, pace?: Pace, by = 'ann'): Promise<Action> {
    const action = this.runner.run(this.plan(verb, selector, pace), by);
    await this.turns();
    return action;
  }

  /** The hosts' calls so far, as `web-01 startProcess`. */
  calls(): string[] {
    return [...this.links].flatMap(([name, { calls }]) =>
      calls.map(({ method }) => `${name} ${method.replace('supervisor.', '')}`),
    );
  }

  now({ id }: Action): Action {
    const action = this.runner.byId(id);
    if (action === null) throw new Error(`no action ${id}`);
    return action;
  }

  kinds(action: Action): string[] {
    return this.now(action).targets.map(({ outcome }) => outcome.kind);
  }

  async turns(): Promise<void> {
    for (let i = 0; i < 10; i++) await new Promise<void>((done) => setImmediate(done));
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.turns();
  }

  #newFleet(hosts: readonly string[]): FleetState {
    const fleet = new FleetState({
      clock: this.clock,
      history: NO_HISTORY,
      bug: (error) => this.bugs.push(error),
    });
    for (const name of hosts) fleet.putHost(madeHost({ id: name, name }));
    return fleet;
  }

  #newRunner(): ActionRunner {
    return new ActionRunner({
      store: this.store.actions,
      marks: this.store.actionMarks,
      fleet: this.fleet,
      clock: this.clock,
      link: (id) => this.links.get(id) ?? null,
      forbidden: () => this.forbidden,
      bug: (error) => this.bugs.push(error),
    });
  }
}
