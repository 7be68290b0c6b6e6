import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { type FinderPorts, findSupervisors } from '../../control/find-supervisors.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { resolvedProblem, usableAddress } from '../../control/host-address.ts';
import { trustOf } from '../../control/host-trust.ts';
import { importHosts } from '../../control/import-hosts.ts';
import type { RegisterPorts } from '../../control/register-host.ts';
import type { Roster } from '../../control/roster.ts';
import { testAgent } from '../../control/test-agent.ts';
import { readTrust } from '../../control/trust-wish.ts';
import { guessFormat, readHostList } from '../../import/formats.ts';
import { testConnection } from '../../links/connection-test.ts';
import { parseSupervisordAddress } from '../../links/supervisord-address.ts';
import type { CredentialStore } from '../../store/credentials.ts';
import type { ConnectionTest, ImportReport } from '../contract.ts';
import * as shapes from '../host-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { usable } from './fleet.ts';
import { asked, credentialsIn } from './hosts.ts';

export interface HostTestPorts {
  readonly fleet: FleetState;
  readonly roster: Roster;
  readonly register: RegisterPorts;
  readonly credentials: Pick<CredentialStore, 'of'>;
  readonly finder: FinderPorts;
  readonly clock: Clock;
}

/** What reaches out to hosts, or finds them: tests, lists of other programs, supervisords on this machine. */
export function hostTestRoutes(ports: HostTestPorts): Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/hosts/test',
      right: 'manage-hosts',
      says: 'Tries an address before it is added, a step at a time; changes nothing.',
      body: schemas.testWish,
      answers: { 200: shapes.connectionTest },
      problems: ['unusable'],
      run: async ({ res, body }) => void res.json(await testWish(body, ports)),
    }),
    guardedRoute({
      method: 'post',
      path: '/hosts/:id/test',
      right: 'manage-hosts',
      says: 'Tries the connection to a host, a step at a time; changes nothing.',
      answers: { 200: shapes.connectionTest },
      problems: ['unusable'],
      run: async (call) => void call.res.json(await testHost(call, ports)),
    }),
    guardedRoute({
      method: 'post',
      path: '/hosts/import',
      right: 'manage-hosts',
      mostBody: '24mb',
      says: 'Takes over the hosts another program keeps, or a list of addresses.',
      body: schemas.importRequest,
      answers: { 200: shapes.importReport },
      run: async ({ res, body }) => void res.json(await importList(body, ports)),
    }),
    guardedRoute({
      method: 'get',
      path: '/hosts/found',
      right: 'manage-hosts',
      says: 'Lists the supervisords on the hub’s own machine that are not registered.',
      answers: { 200: z.array(shapes.foundSupervisor) },
      run: async ({ res }) => void res.json(await findSupervisors(ports.finder)),
    }),
  ];
}

async function testWish(
  wish: z.output<typeof schemas.testWish>,
  { register, clock }: HostTestPorts,
): Promise<ConnectionTest> {
  const address = usable(usableAddress(wish.url, { ...register, hosts: { all: () => [] } }));
  const trust = usable(readTrust(wish.trust, address));
  const problem = await resolvedProblem(address, register);
  if (problem?.says === 'is the hub itself') throw new ApiProblem('unusable', { problems: [problem] });
  const name = address.kind === 'unix' ? 'this machine' : address.hostname;
  const credentials = credentialsIn(wish) ?? null;
  return testConnection({ name, address, credentials, trust: trustOf(trust, trust.authority) }, clock);
}

async function testHost(call: Call, ports: HostTestPorts): Promise<ConnectionTest> {
  const host = asked(call, ports.register);
  if (host.kind === 'agent')
    return testAgent(ports.fleet.host(host.id), ports.roster.link(host.id), ports.clock);
  const address = usable(parseSupervisordAddress(host.url ?? ''));
  const trust = trustOf(host, ports.register.hosts.authorityOf(host.id));
  const credentials = ports.credentials.of(host.id);
  return testConnection({ name: host.name, address, credentials, trust }, ports.clock);
}

async function importList(
  { content, format: given, environment, dryRun }: z.output<typeof schemas.importRequest>,
  { register, roster }: HostTestPorts,
): Promise<ImportReport> {
  const bytes = Buffer.from(content, 'base64');
  const format = given ?? guessFormat(bytes);
  const { rows, problems } = readHostList(bytes, format);
  const done = await importHosts(
    rows.map((row) => ({ ...row, environment: row.environment ?? environment ?? null })),
    register,
    (host, credentials) => {
      if (!dryRun) roster.add(host, credentials);
    },
  );
  return { format, dryRun, rows: done, problems };
}
