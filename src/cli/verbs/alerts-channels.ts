import type {
  AlertChannelPatch,
  AlertChannelTest,
  AlertChannelView,
  AlertDelivery,
  AlertDeliveryPage,
  NewAlertChannel,
} from '../../api/contract.ts';
import { askPassword } from '../ask-password.ts';
import { stampText } from '../durations.ts';
import { CliFailure } from '../failure.ts';
import type { HubApi } from '../hub-api.ts';
import { namedOne } from '../named-one.ts';
import { table } from '../table.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, type Given, listOption, textOption } from '../verb.ts';

/** Where messages go. */
export const alertsChannels: FleetVerb = {
  name: 'alerts channels',
  words: '',
  summary: 'list the channels alerts are told on, and whether they work',
  examples: ['fleetvisor alerts channels'],
  options: [],
  completes: 'none',
  async run(_words, _given, { io, output, hub }) {
    const channels = await hub().get<readonly AlertChannelView[]>('/alert-channels');
    if (output === 'json') io.json(channels);
    else if (channels.length === 0)
      io.line('No channel, so nobody is told. Add one: fleetvisor alerts add-channel --help');
    else for (const line of table(channels.map(rowOf))) io.line(line);
    return 'done';
  },
};

function rowOf(channel: AlertChannelView) {
  const { name, kind, enabled, waiting, last } = channel;
  const place =
    channel.kind === 'email' ? `${channel.to.join(', ')} by ${channel.host}:${channel.port}` : channel.url;
  const signed = channel.kind === 'webhook' ? (channel.signed ? ', signed' : ', not signed') : '';
  return [
    { text: oneLine(name) },
    { text: `${kind}${signed}` },
    { text: oneLine(place) },
    { text: enabled ? `${waiting} waiting` : 'disabled' },
    {
      text:
        last === null
          ? 'nothing was sent yet'
          : oneLine(`${stampText(last.atMs)} ${last.error ?? last.state}`),
    },
  ];
}

const PLACE_OPTIONS = [
  ['--webhook <url>', 'POST JSON there; "-" reads the address from standard input'],
  ['--secret-stdin', 'webhook: read the secret that signs from standard input'],
  ['--slack <url>', 'an incoming webhook of Slack, Mattermost or Discord (/slack); "-" as above'],
  ['--email <address...>', 'send mail to these'],
  ['--smtp <host:port>', 'email: by this server (port: 587)'],
  ['--security <security>', 'email: "starttls" (default), "tls" or "none"'],
  ['--from <address>', 'email: who it is from'],
  ['--username <name>', 'email: sign in as; asks for the password'],
  ['--password-stdin', 'email: read the password from standard input instead of asking'],
] as const;

export const alertsAddChannel: FleetVerb = {
  name: 'alerts add-channel',
  words: '<NAME>',
  summary: 'add a channel: a webhook, Slack or its like, or email',
  examples: [
    'fleetvisor alerts add-channel ops --slack https://hooks.slack.com/services/…',
    'fleetvisor alerts add-channel pager --webhook https://pager.example.com/in --secret-stdin < secret.txt',
    'fleetvisor alerts add-channel mail --email ops@example.com --smtp mail.example.com --from fleet@example.com',
  ],
  options: PLACE_OPTIONS,
  completes: 'none',
  async run([name = ''], given, context) {
    const { io, output, hub } = context;
    const channel = await hub().post<AlertChannelView>(
      '/alert-channels',
      await wishFrom(name, given, context),
    );
    if (output === 'json') io.json(channel);
    else
      io.line(`${oneLine(channel.name)} is added. Try it: fleetvisor alerts test ${oneLine(channel.name)}`);
    return 'done';
  },
};

export const alertsEditChannel: FleetVerb = {
  name: 'alerts edit-channel',
  words: '<NAME>',
  summary: 'change a channel, or disable or enable it; what waits is tried again at once',
  examples: [
    'fleetvisor alerts edit-channel ops --slack - < url.txt',
    'fleetvisor alerts edit-channel mail --disable',
  ],
  options: [
    ['--rename <name>', 'its new name'],
    ...PLACE_OPTIONS,
    ['--disable', 'send nothing on it, and drop what waits'],
    ['--enable', 'send on it again'],
  ],
  completes: 'channels',
  async run([name = ''], given, context) {
    const { io, output, hub } = context;
    const patch = await patchFrom(given, context);
    if (Object.keys(patch).length === 0)
      throw new CliFailure('usage', 'nothing is to be changed', 'See: fleetvisor alerts edit-channel --help');
    const api = hub();
    const { id } = await namedChannel(api, name);
    const channel = await api.patch<AlertChannelView>(`/alert-channels/${encodeURIComponent(id)}`, patch);
    if (output === 'json') io.json(channel);
    else io.line(`${oneLine(channel.name)} is ${channel.enabled ? 'changed' : 'disabled'}.`);
    return 'done';
  },
};

export const alertsRemoveChannel: FleetVerb = {
  name: 'alerts remove-channel',
  words: '<NAME>',
  summary: 'remove a channel with what waits for it; rules name it no more',
  examples: ['fleetvisor alerts remove-channel ops'],
  options: [],
  completes: 'channels',
  async run([name = ''], _given, { io, output, hub }) {
    const api = hub();
    const channel = await namedChannel(api, name);
    await api.delete(`/alert-channels/${encodeURIComponent(channel.id)}`);
    if (output === 'json') io.json({ removed: channel.id });
    else io.line(`${oneLine(channel.name)} is removed.`);
    return 'done';
  },
};

export const alertsTest: FleetVerb = {
  name: 'alerts test',
  words: '<CHANNEL>',
  summary: 'send a message on a channel now, and tell what came of it',
  examples: ['fleetvisor alerts test ops'],
  options: [],
  completes: 'channels',
  async run([name = ''], _given, { io, output, hub }) {
    const api = hub();
    const { id } = await namedChannel(api, name);
    const result = await api.post<AlertChannelTest>(`/alert-channels/${encodeURIComponent(id)}/test`, {});
    if (output === 'json') io.json(result);
    else for (const line of [result.says, result.mend].filter(Boolean)) io.line(oneLine(line));
    return result.ok ? 'done' : 'failed';
  },
};

export const alertsDeliveries: FleetVerb = {
  name: 'alerts deliveries',
  words: '[CHANNEL]',
  summary: 'show what was sent, what waits, and what went wrong, newest first',
  examples: ['fleetvisor alerts deliveries', 'fleetvisor alerts deliveries ops --limit 20'],
  options: [
    ['--limit <count>', 'messages to show, at most 500 (default: 100)'],
    ['--before <id>', 'only messages before this one'],
  ],
  completes: 'channels',
  async run([name], given, { io, output, hub }) {
    const api = hub();
    const before = textOption(given, 'before');
    const page = await api.get<AlertDeliveryPage>('/alert-deliveries', {
      limit: textOption(given, 'limit') ?? '100',
      ...(name === undefined ? {} : { channel: (await namedChannel(api, name)).id }),
      ...(before === undefined ? {} : { before }),
    });
    if (output === 'json') io.json(page);
    else for (const line of table(page.deliveries.map(deliveryRow))) io.line(line);
    if (output === 'text' && page.deliveries.length === 0) io.note('Nothing was sent yet.');
    if (output === 'text' && page.next !== null) io.note(`Older ones: --before ${page.next}`);
    return 'done';
  },
};

function deliveryRow({ id, createdAtMs, channel, reason, state, attempts, says, lastError }: AlertDelivery) {
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`;
  return [
    { text: String(id) },
    { text: stampText(createdAtMs) },
    { text: oneLine(channel) },
    { text: reason },
    { text: `${state}, ${tries}` },
    { text: oneLine(lastError === null ? says : `${says} (${lastError})`) },
  ];
}

async function namedChannel(api: HubApi, name: string): Promise<AlertChannelView> {
  const channels = await api.get<readonly AlertChannelView[]>('/alert-channels');
  return namedOne(channels, name, { what: 'channel', see: 'fleetvisor alerts channels' });
}

async function wishFrom(name: string, given: Given, context: CliContext): Promise<NewAlertChannel> {
  const { secret, ...place } = await patchFrom(given, context);
  const kinds = ['webhook', 'slack', 'email'].filter((kind) => given[kind] !== undefined);
  const [kind, ...more] = kinds;
  if (kind === undefined || more.length > 0)
    throw new CliFailure(
      'usage',
      'what kind of channel is it?',
      'Give one of --webhook, --slack and --email.',
    );
  const wish = { ...place, ...(secret == null ? {} : { secret }), name, kind };
  return wish as NewAlertChannel; // what is missing, the hub names
}

/** What was given of a channel, as the API takes it. */
async function patchFrom(given: Given, { io }: CliContext): Promise<AlertChannelPatch> {
  const text = (option: string): string | undefined => textOption(given, option);
  const [name, url, username] = [text('rename'), text('webhook') ?? text('slack'), text('username')];
  const [smtp, security, from] = [text('smtp'), text('security'), text('from')];
  const to = listOption(given, 'email');
  const fromStdin = [url === '-', given.secretStdin === true, given.passwordStdin === true].filter(Boolean);
  if (fromStdin.length > 1)
    throw new CliFailure(
      'usage',
      'only one thing can come from standard input',
      'Give the other one as text.',
    );
  const password = username ? await askPassword(given.passwordStdin === true, io) : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url: url === '-' ? await io.readAll() : url }),
    ...(given.secretStdin === true ? { secret: await io.readAll() } : {}),
    ...(to.length === 0 ? {} : { to }),
    ...(smtp === undefined ? {} : serverIn(smtp)),
    ...(security === undefined ? {} : { security: security as 'tls' }),
    ...(from === undefined ? {} : { from }),
    ...(username === undefined ? {} : { username: username === '' ? null : username }),
    ...(password === undefined ? {} : { password }),
    ...(given.disable === true ? { enabled: false } : given.enable === true ? { enabled: true } : {}),
  };
}

function serverIn(text: string): { readonly host: string; readonly port?: number } {
  const [, host = text, port] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  return port === undefined ? { host } : { host, port: Number(port) };
}
