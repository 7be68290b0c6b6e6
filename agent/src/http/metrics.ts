import { readFileSync } from 'node:fs';
import type { Process } from '../process/supervisor.ts';
import { PROCESS_STATE_CODES, type ProcessState } from '../protocol/states.ts';
import { SUPERVISOR_VERSION } from '../rpc/daemon-methods.ts';
import { answer } from './answers.ts';
import type { Exchange, HttpContext } from './exchange.ts';

interface Metric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  /** Undefined: this process has no such value now. */
  readonly of: (process: Process, context: HttpContext) => number | undefined;
}

const METRICS: readonly Metric[] = [
  {
    name: 'fleetvisor_process_up',
    kind: 'gauge',
    help: 'Whether the process is RUNNING.',
    of: ({ state }) => (state === 'RUNNING' ? 1 : 0),
  },
  {
    name: 'fleetvisor_process_state',
    kind: 'gauge',
    help: 'supervisord state code of the process.',
    of: ({ state }) => PROCESS_STATE_CODES[state],
  },
  {
    name: 'fleetvisor_process_starts_total',
    kind: 'counter',
    help: 'Start attempts since the daemon started.',
    of: ({ group, name }, { counters }) => counters.starts(group, name),
  },
  {
    name: 'fleetvisor_process_exits_total',
    kind: 'counter',
    help: 'Ends that nobody asked for since the daemon started.',
    of: ({ group, name }, { counters }) => counters.exits(group, name),
  },
  {
    name: 'fleetvisor_process_uptime_seconds',
    kind: 'gauge',
    help: 'Seconds since the running child was started.',
    of: ({ pid, startedAtMs }, { clock }) =>
      pid === 0 ? undefined : Math.max(0, Math.floor((clock.wallMs() - startedAtMs) / 1_000)),
  },
  {
    name: 'fleetvisor_process_resident_memory_bytes',
    kind: 'gauge',
    help: 'Resident memory of the child itself.',
    of: ({ pid }) => (pid === 0 ? undefined : residentBytes(pid)),
  },
];

/** `/metrics`, in the Prometheus text format. */
export function serveMetrics({ res, context }: Exchange): void {
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' };
  answer(res, 200, headers, metricsText(context));
}

/** Every metric of every process, and how many processes are in each state. */
export function metricsText(context: HttpContext): string {
  const processes = context.supervisor.groups().flatMap((group) => group.processes);
  const lines = [
    '# HELP fleetvisor_agent_info Versions of the agent.',
    '# TYPE fleetvisor_agent_info gauge',
    `fleetvisor_agent_info{supervisor_version="${SUPERVISOR_VERSION}",identifier="${escapeLabel(context.supervisor.config().daemon.identifier)}"} 1`,
    '# HELP fleetvisor_processes Processes by state.',
    '# TYPE fleetvisor_processes gauge',
    ...countByState(processes).map(([state, count]) => `fleetvisor_processes{state="${state}"} ${count}`),
    ...METRICS.flatMap((metric) => metricLines(metric, processes, context)),
  ];
  return `${lines.join('\n')}\n`;
}

function metricLines(metric: Metric, processes: readonly Process[], context: HttpContext): readonly string[] {
  const values = processes.flatMap((process) => {
    const value = metric.of(process, context);
    if (value === undefined) return [];
    return [
      `${metric.name}{group="${escapeLabel(process.group)}",process="${escapeLabel(process.name)}"} ${value}`,
    ];
  });
  return [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.kind}`, ...values];
}

function countByState(processes: readonly Process[]): readonly [ProcessState, number][] {
  const counts = new Map<ProcessState, number>();
  for (const state of Object.keys(PROCESS_STATE_CODES) as ProcessState[]) counts.set(state, 0);
  for (const { state } of processes) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts];
}

function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // gone since we looked
  }
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');
}
