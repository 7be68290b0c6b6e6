import type { ConnectionTest, FoundSupervisor, HostView } from '../../api/contract.ts';
import { askPassword } from '../ask-password.ts';
import { hostPath, namedHost } from '../named-host.ts';
import { stepLines } from '../steps-text.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type FleetVerb, textOption } from '../verb.ts';
import { trustFrom } from './hosts-change.ts';

/** Goes the whole way to a host once, from the hub, and times each step. */
export const hostsTest: FleetVerb = {
  name: 'hosts test',
  words: '<NAME|URL>',
  summary: 'try the way to a host, or to an address before adding it, a step at a time',
  examples: [
    'fleetvisor hosts test db-01',
    'fleetvisor hosts test https://db-01:9001 --username ops --ca authority.pem',
  ],
  options: [
    ['--username <name>', 'user, for an address'],
    ['--password-stdin', 'read its password from standard input instead of asking'],
    ['--ca <file>', 'believe certificates of this authority (PEM), for an address'],
    ['--pin <sha256>', 'believe exactly the certificate with this fingerprint, for an address'],
  ],
  completes: 'hosts',
  async run([what = ''], given, { io, output, hub }) {
    const api = hub();
    const isAddress = /^[a-z]+:\/\//i.test(what) || what.startsWith('unix:');
    const test = isAddress
      ? await api.patient<ConnectionTest>('/hosts/test', await wishFrom())
      : await api.patient<ConnectionTest>(hostPath(await namedHost(api, what), '/test'), {});
    if (output === 'json') io.json(test);
    else for (const line of stepLines(test)) io.line(line);
    return test.ok ? 'done' : 'unreachable';

    async function wishFrom() {
      const username = textOption(given, 'username');
      const credentials =
        username === undefined
          ? {}
          : { username, password: await askPassword(given.passwordStdin === true, io) };
      return { url: what, ...credentials, ...trustFrom(given) };
    }
  },
};

/** Supervisords beside the hub that nobody added yet. */
export const hostsFound: FleetVerb = {
  name: 'hosts found',
  words: '',
  summary: "supervisords on the hub's own machine that are not hosts yet",
  examples: ['fleetvisor hosts found'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output, hub }) {
    const found = await hub().get<readonly FoundSupervisor[]>('/hosts/found');
    if (output === 'json') io.json(found);
    else for (const line of foundLines(found)) io.line(line);
    return 'done';
  },
};

function foundLines(found: readonly FoundSupervisor[]): string[] {
  if (found.length === 0) return ['Nothing is found that is not a host already.'];
  return found.flatMap(({ url, suggestedName, says }) => [
    `${oneLine(url)}: ${oneLine(says)}`,
    `  fleetvisor hosts add ${oneLine(suggestedName)} ${oneLine(url)}`,
  ]);
}

/** How many hosts are tried at the same time. */
const AT_ONCE = 8;

/** Tries the way to every host. */
export const doctor: FleetVerb = {
  name: 'doctor',
  words: '[NAME...]',
  summary: 'try the way to every host a step at a time, and say what to mend',
  examples: ['fleetvisor doctor', 'fleetvisor doctor db-01 db-02'],
  options: [],
  completes: 'hosts',
  async run(names, _given, { io, output, hub }) {
    const api = hub();
    const all = await api.get<readonly HostView[]>('/hosts');
    const hosts =
      names.length === 0
        ? all.filter(({ disabled }) => !disabled)
        : await Promise.all(names.map((name) => namedHost(api, name)));
    const tests: { host: HostView; test: ConnectionTest }[] = [];
    for (let at = 0; at < hosts.length; at += AT_ONCE)
      tests.push(
        ...(await Promise.all(
          hosts.slice(at, at + AT_ONCE).map(async (host) => ({
            host,
            test: await api.patient<ConnectionTest>(hostPath(host, '/test'), {}),
          })),
        )),
      );
    if (output === 'json') io.json(tests.map(({ host, test }) => ({ host: host.name, ...test })));
    else for (const line of doctorLines(tests)) io.line(line);
    return tests.every(({ test }) => test.ok) ? 'done' : 'unreachable';
  },
};

function doctorLines(tests: readonly { host: HostView; test: ConnectionTest }[]): string[] {
  const ms = (test: ConnectionTest, name: string): string => {
    const step = test.steps.find((one) => one.step === name);
    if (step === undefined || step.result === 'skipped') return '-';
    return step.result === 'failed' ? 'FAILED' : step.ms === null ? 'ok' : `${step.ms} ms`;
  };
  const names = ['name', 'connect', 'tls', 'sign-in', 'answer'];
  const rows = tests.map(({ host, test }) => [
    { text: oneLine(host.name) },
    ...names.map((name) => ({ text: ms(test, name) })),
  ]);
  const wrong = tests.flatMap(({ host, test }) => {
    const failed = test.steps.find(({ result }) => result === 'failed');
    return failed === undefined
      ? []
      : [`${oneLine(host.name)}: ${oneLine(failed.says)}. ${oneLine(failed.mend)}`];
  });
  const good = tests.filter(({ test }) => test.ok).length;
  const head = [{ text: 'HOST' }, ...names.map((name) => ({ text: name.toUpperCase() }))];
  return [...table([head, ...rows]), ...wrong, `${good} of ${tests.length} hosts answer.`];
}
