import type { AlertChannelPatch, AlertChannelView, NewAlertChannel } from '../../../api/contract.ts';
import { CHANNEL_KINDS, MAIL_SECURITIES } from '../../../fleet/alert.ts';
import type { FieldTexts } from '../conflict.ts';
import type { Reader } from '../reader.ts';

const PORT = 587;

/** By their names in the API: the form says at each what is wrong with it. */
export const CHANNEL_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'url',
  'secret',
  'host',
  'port',
  'security',
  'username',
  'password',
  'from',
  'to',
]);

const kindIn = (given: URLSearchParams) =>
  CHANNEL_KINDS.find((one) => one === given.get('kind')) ?? 'webhook';
const textIn = (given: URLSearchParams, name: string): string => (given.get(name) ?? '').trim();

/** What the form of a new channel says. */
export function channelTyped(given: URLSearchParams): NewAlertChannel {
  const kind = kindIn(given);
  const name = textIn(given, 'name');
  const url = textIn(given, kind === 'slack' ? 'slackUrl' : 'url');
  if (kind === 'slack') return { kind, name, url };
  const secret = given.get('secret') ?? '';
  if (kind === 'webhook') return { kind, name, url, ...(secret === '' ? {} : { secret }) };
  const username = textIn(given, 'username');
  const password = given.get('password') ?? '';
  return {
    kind,
    name,
    ...mailTyped(given),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
  };
}

/** What the form of a channel changes. What is secret and left empty stays as it is. */
export function channelChange(
  { kind }: Pick<AlertChannelView, 'kind'>,
  given: URLSearchParams,
): AlertChannelPatch {
  const name = textIn(given, 'name');
  const url = textIn(given, kind === 'slack' ? 'slackUrl' : 'url');
  const [secret, password] = [given.get('secret') ?? '', given.get('password') ?? ''];
  const address = url === '' ? {} : { url };
  if (kind === 'slack') return { name, ...address };
  if (kind === 'webhook') return { name, ...address, ...(secret === '' ? {} : { secret }) };
  return {
    name,
    ...mailTyped(given),
    username: textIn(given, 'username') || null,
    ...(password === '' ? {} : { password }),
  };
}

function mailTyped(given: URLSearchParams) {
  return {
    host: textIn(given, 'host'),
    port: Number(textIn(given, 'port') || Number.NaN),
    security: MAIL_SECURITIES.find((one) => one === given.get('security')) ?? ('starttls' as const),
    from: textIn(given, 'from'),
    to: textIn(given, 'to')
      .split(/[,;\s]+/)
      .filter(Boolean),
  };
}

/** The fields of a channel's form: as it is, and over that as it was typed. */
export function channelFields(
  channel: AlertChannelView | null,
  given: URLSearchParams,
  { say }: Pick<Reader, 'say'>,
) {
  const mail = channel?.kind === 'email' ? channel : null;
  const as = (name: string, known: string): string => given.get(name) ?? known;
  const kind = channel?.kind ?? kindIn(given);
  const security = as('security', mail?.security ?? 'starttls');
  return {
    adding: channel === null,
    kind,
    kindWord: say(`channels.kindOf.${kind}`),
    kinds: CHANNEL_KINDS.map((one) => ({
      value: one,
      text: say(`channels.kindOf.${one}`),
      on: one === kind,
    })),
    name: as('name', channel?.name ?? ''),
    knownUrl: channel === null || channel.kind === 'email' ? '' : channel.url,
    url: as('url', ''),
    slackUrl: as('slackUrl', ''),
    host: as('host', mail?.host ?? ''),
    port: as('port', String(mail?.port ?? PORT)),
    securities: MAIL_SECURITIES.map((one) => ({
      value: one,
      text: say(`channels.securityOf.${one}`),
      on: one === security,
    })),
    username: as('username', mail?.username ?? ''),
    from: as('from', mail?.from ?? ''),
    to: as('to', mail?.to.join(', ') ?? ''),
  };
}

/** A channel as text, field by field; secrets are not among them. */
export function channelTexts(channel: AlertChannelView, { say }: Pick<Reader, 'say'>): FieldTexts {
  const shared: FieldTexts = [
    [say('channels.name'), channel.name],
    [say('conflict.disabled'), channel.enabled ? '' : say('conflict.disabled')],
  ];
  if (channel.kind !== 'email') return [...shared, [say('channels.url'), channel.url]];
  return [
    ...shared,
    [say('channels.host'), channel.host],
    [say('channels.port'), String(channel.port)],
    [say('channels.security'), say(`channels.securityOf.${channel.security}`)],
    [say('channels.username'), channel.username ?? ''],
    [say('channels.from'), channel.from],
    [say('channels.to'), channel.to.join(', ')],
  ];
}
