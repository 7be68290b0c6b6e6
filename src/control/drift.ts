import type { Drift, DriftRow, DriftValue, HostConfig, ProcessOptions } from '../fleet/process-options.ts';
import { programOf } from '../fleet/process-options.ts';

/** How a group is configured on one host. */
export interface GroupOnHost {
  readonly host: string;
  readonly config: HostConfig;
  /** Which of its processes may be looked at. */
  sees(process: string): boolean;
}

/** Options of a group that are not the same on all hosts that have it; environments are not compared. */
export function driftOf(group: string, on: readonly GroupOnHost[]): Drift {
  const compared: { host: string; programs: ReadonlyMap<string, readonly ProcessOptions[]> }[] = [];
  const missing: Drift['missing'][number][] = [];
  for (const { host, config, sees } of on) {
    const own = config.processes.filter((process) => process.group === group && sees(process.name));
    if (own.length > 0) compared.push({ host, programs: byProgram(own) });
    else missing.push({ host, says: config.says || 'has it no longer in its configuration' });
  }
  const programs = [...new Set(compared.flatMap((one) => [...one.programs.keys()]))].sort();
  const rows = programs.flatMap((program) =>
    rowsOf(
      program,
      compared.flatMap(({ host, programs: its }) => {
        const processes = its.get(program);
        return processes === undefined ? [] : [{ host, processes }];
      }),
    ),
  );
  return { group, rows, compared: compared.map(({ host }) => host), missing };
}

interface ProgramOnHost {
  readonly host: string;
  readonly processes: readonly ProcessOptions[];
}

function byProgram(processes: readonly ProcessOptions[]): Map<string, ProcessOptions[]> {
  const programs = new Map<string, ProcessOptions[]>();
  for (const process of processes) {
    const program = programOf(process.name);
    programs.set(program, [...(programs.get(program) ?? []), process]);
  }
  return programs;
}

function rowsOf(program: string, on: readonly ProgramOnHost[]): DriftRow[] {
  if (on.length < 2) return [];
  const numbers = on.map(({ host, processes }) => ({ host, value: String(processes.length) }));
  const common = commonNames(on);
  const options = [
    ...new Set(on.flatMap(({ processes }) => processes.flatMap((one) => Object.keys(one.options)))),
  ];
  const rows = options.sort().map((option) => ({
    program,
    option,
    values: valuesOf(on.flatMap((one) => valueOn(one, option, common) ?? [])),
  }));
  return [{ program, option: 'numprocs', values: valuesOf(numbers) }, ...rows].filter(
    ({ values }) => values.length > 1,
  );
}

/** Processes of the same name are compared; where no name is everywhere, the first of each host. */
function commonNames(on: readonly ProgramOnHost[]): ReadonlySet<string> {
  const [first, ...rest] = on.map(({ processes }) => new Set(processes.map(({ name }) => name)));
  return new Set([...(first ?? [])].filter((name) => rest.every((names) => names.has(name))));
}

/** Null where the host does not tell this option: not told is not different. */
function valueOn(
  { host, processes }: ProgramOnHost,
  option: string,
  common: ReadonlySet<string>,
): { host: string; value: string } | null {
  const wanted = common.size > 0 ? processes.filter(({ name }) => common.has(name)) : processes.slice(0, 1);
  const values = wanted
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ options }) => options[option])
    .filter((value) => value !== undefined);
  if (values.length === 0) return null;
  return { host, value: [...new Set(values)].join(' · ') };
}

/** The commonest first, then by value. Values that hold their own host's name are the same but for it. */
function valuesOf(told: readonly { readonly host: string; readonly value: string }[]): DriftValue[] {
  const hosts = new Map<string, string[]>();
  const bare = told.map(({ host, value }) => ({ host, value: value.replaceAll(host, '%(host_node_name)s') }));
  for (const { host, value } of new Set(bare.map(({ value }) => value)).size === 1 ? bare : told)
    hosts.set(value, [...(hosts.get(value) ?? []), host]);
  return [...hosts]
    .map(([value, names]) => ({ value, hosts: names }))
    .sort((a, b) => b.hosts.length - a.hosts.length || (a.value < b.value ? -1 : 1));
}
