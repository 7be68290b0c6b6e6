import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Alerting } from '../alerts/alerting.ts';
import type { Clock } from '../clock.ts';
import type { FleetState } from '../control/fleet-state.ts';
import { processesNamed } from '../control/seen-fleet.ts';
import type { Action } from '../fleet/action.ts';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import type { Scheduler } from '../schedules/scheduler.ts';

export interface MetricsPorts {
  readonly fleet: Pick<FleetState, 'hosts' | 'names' | 'process'>;
  readonly actions: { latest(): readonly Action[] };
  readonly alerting: Pick<Alerting, 'counts' | 'deliveries'>;
  readonly scheduler: Pick<Scheduler, 'counts'>;
  readonly clock: Clock;
  readonly databaseBytes: () => number;
  /** When the hub's own certificate ends; null: it has none. */
  readonly certificateEndsMs: () => number | null;
}

/**
 * What the hub knows, as Prometheus reads it. Labels are hosts, groups and states: never single processes, whose
 * number has no end.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #ports: MetricsPorts;

  constructor(ports: MetricsPorts) {
    this.#ports = ports;
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('fleetvisor_host_up', 'Whether the host answers', ['host', 'environment'], (set) =>
      this.#eachHost((host, labels) => set(labels, host.reachability.kind === 'reachable' ? 1 : 0)),
    );
    this.#gauge(
      'fleetvisor_host_data_age_seconds',
      'Since the last good answer',
      ['host', 'environment'],
      (set) =>
        this.#eachHost((host, labels) => {
          if (host.lastSeenMs !== null) set(labels, (ports.clock.wallMs() - host.lastSeenMs) / 1_000);
        }),
    );
    this.#gauge(
      'fleetvisor_host_maintenance',
      'Work on the host is announced',
      ['host', 'environment'],
      (set) => this.#eachHost((host, labels) => set(labels, host.maintenance === undefined ? 0 : 1)),
    );
    this.#gauge('fleetvisor_processes', 'Processes by state', ['host', 'group', 'state'], (set) => {
      for (const [labels, count] of countBy(this.#names(), processesNamed(ports.fleet.names(), ports.fleet)))
        set(labels, count);
    });
    this.#gauge('fleetvisor_actions_running', 'Fleet actions under way', [], (set) =>
      set({}, ports.actions.latest().filter(({ finishedAtMs }) => finishedAtMs === null).length),
    );
    this.#gauge(
      'fleetvisor_certificate_expiry_seconds',
      'When the own certificate ends, since the epoch',
      [],
      (set) => {
        const endsMs = ports.certificateEndsMs();
        if (endsMs !== null) set({}, endsMs / 1_000);
      },
    );
    this.#gauge('fleetvisor_alerts_open', 'Open alerts', ['severity'], (set) => {
      const { open, critical } = ports.alerting.counts(() => true);
      set({ severity: 'critical' }, critical);
      set({ severity: 'warning' }, open - critical);
    });
    this.#countOutcomes(
      'fleetvisor_alert_deliveries_total',
      'Messages about alerts by what came of them; retried: a try that failed and is made again',
      () => ({ ...ports.alerting.deliveries() }),
    );
    this.#countOutcomes(
      'fleetvisor_schedule_runs_total',
      'Runs of schedules by what came of them',
      () => ports.scheduler.counts,
    );
    this.#gauge('fleetvisor_database_bytes', 'Size of the database', [], (set) =>
      set({}, ports.databaseBytes()),
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #countOutcomes(name: string, help: string, counts: () => Readonly<Record<string, number>>): void {
    new Counter({
      name,
      help,
      labelNames: ['outcome'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(counts())) this.inc({ outcome }, count);
      },
    });
  }

  #gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    fill: (set: (labels: Partial<Record<L, string>>, value: number) => void) => void,
  ): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        this.reset();
        fill((labels, value) => this.set(labels, value));
      },
    });
  }

  #eachHost(tell: (host: HostView, labels: { host: string; environment: string }) => void): void {
    for (const host of this.#ports.fleet.hosts())
      tell(host, { host: host.name, environment: host.environment ?? '' });
  }

  #names(): ReadonlyMap<string, string> {
    return new Map(this.#ports.fleet.hosts().map(({ id, name }) => [id, name]));
  }
}

type StateLabels = { host: string; group: string; state: string };

function countBy(
  names: ReadonlyMap<string, string>,
  processes: Iterable<ProcessView>,
): Iterable<readonly [StateLabels, number]> {
  const counts = new Map<string, [StateLabels, number]>();
  for (const { hostId, group, state } of processes) {
    const labels = { host: names.get(hostId) ?? hostId, group, state };
    const key = JSON.stringify(labels);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, [labels, 1]);
    else known[1]++;
  }
  return counts.values();
}
