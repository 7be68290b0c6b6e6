import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock } from '../clock.ts';
import type { TestStep } from '../fleet/connection-test.ts';
import type { FoundSupervisor } from '../fleet/found-supervisor.ts';
import type { Host } from '../fleet/host.ts';
import { testConnection } from '../links/connection-test.ts';
import { parseSupervisordAddress, type SupervisordAddress } from '../links/supervisord-address.ts';
import { type AddressPorts, sameSupervisor, usableAddress } from './host-address.ts';

export interface FinderPorts extends AddressPorts {
  readonly hosts: { all(): readonly Host[] };
  readonly clock: Clock;
  /** Where sockets of supervisords usually lie. */
  readonly sockets?: readonly string[];
  /** Whose `[supervisorctl] serverurl` names one. */
  readonly configs?: readonly string[];
}

const SOCKETS = ['/run/supervisor.sock', '/var/run/supervisor.sock', '/tmp/supervisor.sock'];
const CONFIGS = ['/etc/supervisor/supervisord.conf', '/etc/supervisord.conf'];

/** Supervisords of this machine that could be added; asked once each, and never with a password. */
export async function findSupervisors(ports: FinderPorts): Promise<FoundSupervisor[]> {
  const places: { url: string; from: string }[] = [];
  for (const socket of ports.sockets ?? SOCKETS)
    if (await isSocket(socket)) places.push({ url: `unix://${socket}`, from: socket });
  for (const config of ports.configs ?? CONFIGS) {
    const url = await serverUrl(config);
    if (url !== null) places.push({ url, from: config });
  }
  const addresses: { address: SupervisordAddress; from: string }[] = [];
  for (const { url, from } of places) {
    const address = usableAddress(url, ports);
    if (!address.ok) continue; // registered already, or not to be registered
    if (!addresses.some((one) => sameSupervisor(one.address, address.value)))
      addresses.push({ address: address.value, from });
  }
  const found = await Promise.all(addresses.map((one) => look(one.address, one.from, ports.clock)));
  return found.flatMap((one) => (one === null ? [] : [one]));
}

async function look(
  address: SupervisordAddress,
  from: string,
  clock: Clock,
): Promise<FoundSupervisor | null> {
  const name =
    hostname()
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9._-]+/g, '-') || 'local';
  const test = await testConnection({ name, address, credentials: null, trust: null }, clock);
  const failed = test.steps.find(({ result }) => result === 'failed');
  if (failed !== undefined && failed.step !== 'sign-in' && !failed.says.startsWith('this hub may not open'))
    return null; // nobody there
  const says = failed === undefined ? `answers as supervisor ${test.facts?.version ?? ''}` : whole(failed);
  return { url: address.shown, suggestedName: name, from, version: test.facts?.version ?? null, says };
}

/** What is wrong, and how to mend it where a password alone would not. */
const whole = ({ step, says, mend }: TestStep): string => (step === 'sign-in' ? says : `${says}. ${mend}`);

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false, // not there, or not for us to see
  );
}

/** `serverurl` of `[supervisorctl]`, if the file can be read and is written plainly. */
export async function serverUrl(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => ''); // not there, or not for us to read
  const section = /^\[supervisorctl\]([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const url = /^\s*serverurl\s*=\s*(\S+)/m.exec(section)?.[1] ?? null;
  return url !== null && parseSupervisordAddress(url).ok ? url : null;
}
