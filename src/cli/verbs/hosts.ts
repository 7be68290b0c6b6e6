import type { HostView, JoinToken } from '../../api/contract.ts';
import { installLine, onlyHere } from '../../fleet/install-line.ts';
import { askPassword } from '../ask-password.ts';
import { describeHost } from '../describe-host.ts';
import { parseSpan, stampText } from '../durations.ts';
import { CliFailure } from '../failure.ts';
import { hostPath, namedHost } from '../named-host.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type FleetVerb, listOption, textOption } from '../verb.ts';
import { trustFrom } from './hosts-change.ts';

/** Every host the hub knows. */
export const hosts: FleetVerb = {
  name: 'hosts',
  words: '',
  summary: 'list the hosts, whether they answer, and why not',
  examples: ['fleetvisor hosts', 'fleetvisor hosts --json'],
  options: [],
  completes: 'none',
  async run(_words, _given, context) {
    const list = await context.hub().get<readonly HostView[]>('/hosts');
    if (context.output === 'json') context.io.json(list);
    else for (const line of hostLines(list, context.clock.wallMs())) context.io.line(line);
    return list.some(({ reachability }) => reachability.kind === 'unreachable') ? 'unreachable' : 'done';
  },
};

function hostLines(list: readonly HostView[], nowMs: number): string[] {
  if (list.length === 0)
    return ['No hosts yet. Add one: fleetvisor hosts add NAME URL, or fleetvisor hosts join'];
  const rows = [...list]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((host) => [
      { text: oneLine(host.name) },
      { text: host.kind },
      { text: oneLine(host.facts?.version ?? '-') },
      { text: host.processCount === 1 ? '1 process' : `${host.processCount} processes` },
      { text: [host.environment ?? '', ...host.tags.map((tag) => `#${tag}`)].join(' ').trim() || '-' },
      { text: describeHost(host, nowMs) },
    ]);
  return table(rows);
}

/** Registers a supervisord by its address. */
export const hostsAdd: FleetVerb = {
  name: 'hosts add',
  words: '<NAME> <URL>',
  summary: 'add a stock supervisord by its URL: http://, https:// or unix://',
  examples: [
    'fleetvisor hosts add db-01 http://db-01:9001 --username ops --password-stdin < password.txt',
    'fleetvisor hosts add local unix:///run/supervisor.sock --env prod --tag db',
  ],
  options: [
    ['--username <name>', 'user of its [inet_http_server] or [unix_http_server]'],
    ['--password-stdin', 'read that password from standard input instead of asking'],
    ['--env <name>', 'environment it belongs to'],
    ['--tag <name...>', 'tags to find it by'],
    ['--ca <file>', 'believe certificates of this authority (PEM)'],
    ['--pin <sha256>', 'believe exactly the certificate with this fingerprint'],
  ],
  completes: 'none',
  async run([name = '', url = ''], given, { io, output, hub }) {
    const username = textOption(given, 'username');
    const environment = textOption(given, 'env');
    const password = username === undefined ? null : await askPassword(given.passwordStdin === true, io);
    const host = await hub().post<HostView>('/hosts', {
      name,
      url,
      tags: listOption(given, 'tag'),
      ...trustFrom(given),
      ...(environment === undefined ? {} : { environment }),
      ...(username === undefined ? {} : { username, password: password ?? '' }),
    });
    if (output === 'json') io.json(host);
    else io.line(`${oneLine(host.name)} is added. See whether it answers: fleetvisor hosts`);
    return 'done';
  },
};

/** Makes a token and says what to write on the new host. */
export const hostsJoin: FleetVerb = {
  name: 'hosts join',
  words: '',
  summary: 'make a one-time token with which an agent joins, and show how',
  examples: ['fleetvisor hosts join', 'fleetvisor hosts join --uses 20 --ttl 1h --env prod --tag web'],
  options: [
    ['--uses <count>', 'how many agents may join with it (default: 1)'],
    ['--ttl <time>', 'how long it is good for, as in 30m or 1h (default: 1h)'],
    ['--env <name>', 'environment the hosts belong to'],
    ['--tag <name...>', 'tags of the hosts'],
  ],
  completes: 'none',
  async run(_words, given, { io, output, hub }) {
    const uses = textOption(given, 'uses');
    const ttlText = textOption(given, 'ttl');
    const ttlMs = ttlText === undefined ? null : parseSpan(ttlText);
    if (ttlText !== undefined && ttlMs === null) {
      throw new CliFailure('usage', `--ttl: "${ttlText}" is not a time`, 'Write it like 30m or 1h.');
    }
    const environment = textOption(given, 'env');
    const api = hub();
    const made = await api.post<JoinToken>('/join-tokens', {
      tags: listOption(given, 'tag'),
      ...(uses === undefined ? {} : { uses: Number(uses) }),
      ...(ttlMs === null ? {} : { ttlMs }),
      ...(environment === undefined ? {} : { environment }),
    });
    if (output === 'json') io.json(made);
    else for (const line of joinLines(made, api.login.hub)) io.line(line);
    return 'done';
  },
};

function joinLines({ id, token, uses, expiresAtMs }: JoinToken, hub: string): string[] {
  return [
    `# Good for ${uses} ${uses === 1 ? 'host' : 'hosts'} until ${stampText(expiresAtMs)}; shown this once. To end it before: fleetvisor hosts join-revoke ${id}`,
    ...[onlyHere(hub)].flatMap((note) => (note === null ? [] : [`# ${note}.`])),
    '# On the new host, as root (this installs the agent from the hub and starts it):',
    installLine(hub, token),
    '# Or, where the agent is already, in its supervisord.conf:',
    '[fleetvisor]',
    `hub = ${hub}`,
    `join_token = ${token}`,
  ];
}

/** Takes a host out of the registry. */
export const hostsRemove: FleetVerb = {
  name: 'hosts remove',
  words: '<NAME>',
  summary: 'forget a host; its processes are not touched',
  examples: ['fleetvisor hosts remove db-01'],
  options: [['-y, --yes', 'do not ask']],
  completes: 'hosts',
  async run([name = ''], given, { io, output, hub }) {
    const api = hub();
    const host = await namedHost(api, name);
    if (given.yes !== true) {
      const answer = io.canAsk ? await io.ask(`Forget ${name}? [y/N] `) : null;
      if (!/^y(es)?$/i.test(answer ?? '')) {
        throw new CliFailure('notConfirmed', 'nothing was done', 'In a script add --yes to go ahead.');
      }
    }
    await api.delete(hostPath(host));
    if (output === 'json') io.json({ removed: name, id: host.id });
    else
      io.line(
        `${name} is forgotten. Within ten minutes it can be put back: fleetvisor hosts restore ${host.id}`,
      );
    return 'done';
  },
};
