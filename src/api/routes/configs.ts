import { mayI } from '../../accounts/rights.ts';
import { driftOf } from '../../control/drift.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import type { HostConfigs } from '../../control/host-configs.ts';
import { seenHosts, seenNames } from '../../control/seen-fleet.ts';
import type { SupervisorLogs } from '../../control/supervisor-log.ts';
import type { HostConfig } from '../../fleet/process-options.ts';
import { logQuery } from '../config-schemas.ts';
import * as answers from '../config-shapes.ts';
import type { ProcessConfig } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { askedHost } from './past.ts';
import { askedProcess } from './processes.ts';

export interface ConfigPorts {
  readonly fleet: FleetState;
  readonly configs: HostConfigs;
  readonly supervisorLogs: SupervisorLogs;
}

/** What hosts are asked for when somebody wants to see it: how they are configured, and their supervisors' logs. */
export function configRoutes(ports: ConfigPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/hosts/:id/config',
      right: 'see-fleet',
      says: 'Gives the configuration of every process of a host as its supervisor loaded it; names of environments, never values.',
      answers: { 200: answers.hostConfig },
      async run(call) {
        const host = askedHost(call, ports.fleet);
        const config: HostConfig = await ports.configs.ask(host);
        call.res.json(config);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/processes/:host/:namespec/config',
      right: 'see-fleet',
      says: 'Gives the configuration of one process as its supervisor loaded it; names of its environment, never values.',
      answers: { 200: answers.processConfig },
      run: (call) => processConfig(call, ports),
    }),
    guardedRoute({
      method: 'get',
      path: '/groups/:group/drift',
      right: 'see-fleet',
      says: 'Tells which options of a group differ between the hosts it runs on.',
      answers: { 200: answers.drift },
      run: (call) => drift(call, ports),
    }),
    guardedRoute({
      method: 'get',
      path: '/hosts/:id/log',
      right: 'read-logs',
      says: "Gives the last lines of a supervisor's own log.",
      query: logQuery,
      answers: { 200: answers.supervisorLog },
      async run(call) {
        const host = askedHost(call, ports.fleet, 'read-logs');
        call.res.json(await ports.supervisorLogs.read(host, call.query.bytes));
      },
    }),
  ];
}

async function processConfig(call: Call, { fleet, configs }: ConfigPorts): Promise<void> {
  const { hostId, group, process: name } = askedProcess(call, fleet);
  const host = fleet.host(hostId);
  if (host === null) throw new ApiProblem('not-found');
  const { atMs, processes, says } = await configs.ask(host);
  const process = processes.find((one) => one.group === group && one.name === name) ?? null;
  if (process === null && fleet.process(`${hostId}/${group}:${name}`) === null)
    throw new ApiProblem('not-found');
  const body: ProcessConfig = { atMs, process, says };
  call.res.json(body);
}

async function drift(
  { req, res, visitor: { person } }: Call,
  { fleet, configs }: ConfigPorts,
): Promise<void> {
  const group = String(req.params.group);
  const ids = new Set<string>();
  for (const name of seenNames(person, fleet)) if (name.group === group) ids.add(name.hostId);
  if (ids.size === 0) throw new ApiProblem('not-found');
  const on = await Promise.all(
    seenHosts(person, fleet)
      .filter(({ id }) => ids.has(id))
      .map(async (host) => ({
        host: host.name,
        config: await configs.ask(host),
        sees: (process: string) => mayI(person, 'see-fleet', { host, group, process }),
      })),
  );
  res.json(driftOf(group, on));
}
