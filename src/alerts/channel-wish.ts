import type { ChannelPlace } from '../fleet/alert.ts';
import type { Parsed, Problem } from '../fleet/problem.ts';
import type { AlertChannel, ChannelSecrets } from '../store/alert-channels.ts';
import { mailHostProblem, type ReceiverPorts, usableReceiver } from './receiver-address.ts';

type Mail = Extract<ChannelPlace, { kind: 'email' }>;

/** A channel as somebody wants it. */
export type ChannelWish = { readonly name: string; readonly enabled: boolean } & (
  | { readonly kind: 'webhook'; readonly url: string; readonly secret?: string | undefined }
  | { readonly kind: 'slack'; readonly url: string }
  | (Omit<Mail, 'username'> & {
      readonly username?: string | undefined;
      readonly password?: string | undefined;
    })
);

/** What is to be changed of a channel; null takes away. */
export interface ChannelPatch extends Partial<Undefined<Omit<Mail, 'kind' | 'username'>>> {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly url?: string | undefined;
  readonly secret?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly password?: string | undefined;
}
type Undefined<T> = { readonly [K in keyof T]: T[K] | undefined };

export interface CheckedChannel {
  readonly channel: AlertChannel;
  readonly secrets: ChannelSecrets;
}

/** The channel as it may be, or all that is wrong with it. Asks the DNS, and nobody else. */
export async function checkedChannel(
  id: string,
  wish: ChannelWish,
  ports: ReceiverPorts,
): Promise<Parsed<CheckedChannel>> {
  const { name, enabled } = wish;
  const checked = wish.kind === 'email' ? await checkedMail(wish, ports) : await checkedPost(wish, ports);
  if (!checked.ok) return checked;
  const { place, secrets } = checked.value;
  return { ok: true, value: { channel: { id, name, enabled, place }, secrets } };
}

type Place = { readonly place: ChannelPlace; readonly secrets: ChannelSecrets };

async function checkedPost(
  wish: Extract<ChannelWish, { kind: 'webhook' | 'slack' }>,
  ports: ReceiverPorts,
): Promise<Parsed<Place>> {
  const address = await usableReceiver(wish.url, ports);
  if (!address.ok) return address;
  const secret = wish.kind === 'webhook' ? wish.secret : undefined;
  const place = { kind: wish.kind, url: address.value.shown };
  return {
    ok: true,
    value: { place, secrets: { url: wish.url, ...(secret === undefined ? {} : { secret }) } },
  };
}

async function checkedMail(
  wish: Extract<ChannelWish, { kind: 'email' }>,
  ports: ReceiverPorts,
): Promise<Parsed<Place>> {
  const problem = mailProblem(wish) ?? (await mailHostProblem(wish, ports));
  if (problem !== null) return { ok: false, problems: [problem] };
  const { kind, host, port, security, from, to, username = null, password } = wish;
  const place = { kind, host, port, security, username, from, to };
  return { ok: true, value: { place, secrets: username === null ? {} : { password: password ?? '' } } };
}

function mailProblem({
  username,
  password,
  security,
}: Extract<ChannelWish, { kind: 'email' }>): Problem | null {
  if (username === undefined && password !== undefined)
    return { where: 'password', says: 'is of no use without a username' };
  if (username !== undefined && security === 'none')
    return {
      where: 'security',
      says: 'would send the password in the clear',
      hint: 'Take tls or starttls, or leave out the user name.',
    };
  return null;
}

const OF_KIND: Readonly<Record<ChannelPlace['kind'], ReadonlySet<string>>> = {
  webhook: new Set(['url', 'secret']),
  slack: new Set(['url']),
  email: new Set(['host', 'port', 'security', 'username', 'password', 'from', 'to']),
};

/** The channel as it is to be from now on, or all that is wrong with the change. */
export async function changedChannel(
  { channel, secrets }: CheckedChannel,
  patch: ChannelPatch,
  ports: ReceiverPorts,
): Promise<Parsed<CheckedChannel>> {
  const { id, place } = channel;
  const { name = channel.name, enabled = channel.enabled, ...rest } = patch;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const strange = given.filter(([field]) => !OF_KIND[place.kind].has(field));
  const [first, ...more] = strange.map(([where]) => ({
    where,
    says: `a channel of the kind ${place.kind} has no ${where}`,
  }));
  if (first !== undefined) return { ok: false, problems: [first, ...more] };
  if (given.length === 0) return { ok: true, value: { channel: { ...channel, name, enabled }, secrets } };
  const common = { name, enabled };
  if (place.kind === 'email')
    return checkedChannel(id, { ...common, ...mailWish(place, secrets, patch) }, ports);
  const secret = patch.secret === undefined ? secrets.secret : (patch.secret ?? undefined);
  const url = patch.url ?? secrets.url ?? '';
  return checkedChannel(id, { ...common, kind: place.kind, url, secret }, ports);
}

/** A password goes with the server it was given for. */
function mailWish(place: Mail, secrets: ChannelSecrets, patch: ChannelPatch) {
  const { host = place.host, port = place.port, security = place.security } = patch;
  const { from = place.from, to = place.to } = patch;
  const username = (patch.username === undefined ? place.username : patch.username) ?? undefined;
  const same = host === place.host && port === place.port && username === (place.username ?? undefined);
  const old = same && username !== undefined ? secrets.password : undefined;
  const password = patch.password ?? old;
  return { kind: 'email', host, port, security, from, to, username, password } as const;
}
