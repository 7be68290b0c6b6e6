import { z } from 'zod';
import type { Alerting } from '../../alerts/alerting.ts';
import { changedChannel, checkedChannel } from '../../alerts/channel-wish.ts';
import type { Clock } from '../../clock.ts';
import { nameTaken, type RegisterPorts } from '../../control/register-host.ts';
import type { AlertChannel, AlertChannels } from '../../store/alert-channels.ts';
import type { AlertDeliveries } from '../../store/alert-deliveries.ts';
import { randomId } from '../../store/secret.ts';
import * as schemas from '../alert-schemas.ts';
import { alertChannel, channelTest, deliveryPage } from '../alert-shapes.ts';
import { note } from '../audited.ts';
import type { AlertChannelView, AlertDeliveryPage } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { etagOf, mustBeCurrent } from '../versions.ts';
import { usable } from './fleet.ts';

export interface AlertChannelPorts {
  readonly alertChannels: AlertChannels;
  readonly alertDeliveries: AlertDeliveries;
  readonly alerting: Alerting;
  readonly register: RegisterPorts;
  readonly clock: Clock;
}

const MOST = 50;

/** Ways out for messages, and what was sent on them. Their secrets are never told again. */
export function alertChannelRoutes(ports: AlertChannelPorts): Route[] {
  const { alertChannels: channels, alerting } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/alert-channels',
      right: 'manage-hosts',
      says: 'Lists the channels, by name, without anything secret.',
      answers: { 200: z.array(alertChannel) },
      run: ({ res }) => void res.json(channels.all().map((channel) => shown(channel, ports))),
    }),
    guardedRoute({
      method: 'get',
      path: '/alert-channels/:id',
      right: 'manage-hosts',
      says: 'Gives one channel; send its `etag` as `if-match` with a change.',
      answers: { 200: alertChannel },
      run: (call) => send(call, asked(call, ports), ports),
    }),
    guardedRoute({
      method: 'post',
      path: '/alert-channels',
      right: 'manage-hosts',
      says: 'Adds a channel.',
      more: 'An address is held to the same as those of hosts: nothing is sent to link-local or cloud metadata addresses.',
      body: schemas.newChannel,
      kept: withoutAddress,
      answers: { 201: alertChannel },
      problems: ['unusable'],
      async run(call) {
        if (channels.all().length >= MOST) throw tooMany();
        const wish = call.body;
        const { channel, secrets } = usable(await checkedChannel(randomId('ac'), wish, ports.register));
        mustBeFree(channel, ports);
        channels.add(channel, secrets, ports.clock.wallMs());
        note(call.req, { target: channel.name, after: channel });
        send(call, channel, ports, 201);
      },
    }),
    guardedRoute({
      method: 'patch',
      path: '/alert-channels/:id',
      right: 'manage-hosts',
      says: 'Changes a channel; what is left out stays, and what waits is tried again at once.',
      more: 'Another mail server or port drops the password that was given for the old one.',
      body: schemas.channelPatch,
      kept: withoutAddress,
      headers: ['if-match'],
      answers: { 200: alertChannel },
      problems: ['unusable'],
      run: (call) => change(call, ports),
    }),
    guardedRoute({
      method: 'delete',
      path: '/alert-channels/:id',
      right: 'manage-hosts',
      says: 'Removes a channel with everything that waits for it; rules name it no more.',
      headers: ['if-match'],
      answers: { 204: 'nothing' },
      run(call) {
        const before = asked(call, ports);
        mustBeCurrent(call, channels.versionOf(before.id));
        alerting.channelRemoved(before.id);
        note(call.req, { target: before.name, before });
        call.res.status(204).end();
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/alert-channels/:id/test',
      right: 'manage-hosts',
      cost: 'expensive',
      says: 'Sends a message now, and tells what came of it.',
      answers: { 200: channelTest },
      async run(call) {
        const channel = asked(call, ports);
        note(call.req, { target: channel.name });
        call.res.json(await alerting.test(channel));
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/alert-deliveries',
      right: 'manage-hosts',
      says: 'Lists what was sent and what waits, newest first.',
      query: schemas.deliveriesQuery,
      answers: { 200: deliveryPage },
      run: (call) => void call.res.json(deliveries(call.query, ports)),
    }),
  ];
}

async function change(
  call: Call<undefined, z.output<typeof schemas.channelPatch>>,
  ports: AlertChannelPorts,
): Promise<void> {
  const { alertChannels: channels, alerting, register } = ports;
  const before = asked(call, ports);
  const version = channels.versionOf(before.id);
  mustBeCurrent(call, version);
  const secrets = channels.secretsOf(before.id) ?? {};
  const changed = usable(await changedChannel({ channel: before, secrets }, call.body, register));
  // the DNS was asked meanwhile
  if (channels.versionOf(before.id) !== version) throw new ApiProblem('changed-meanwhile');
  mustBeFree(changed.channel, ports);
  channels.change(changed.channel, changed.secrets);
  alerting.channelChanged(before.id);
  note(call.req, { target: before.name, before, after: changed.channel });
  send(call, changed.channel, ports);
}

function withoutAddress(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'url' in body ? { ...body, url: '(not kept)' } : body;
}

/** With its version. Never 304: whoever asks is about to change it. */
function send({ req, res }: Call, channel: AlertChannel, ports: AlertChannelPorts, status = 200): void {
  delete req.headers['if-none-match'];
  res.status(status).set('etag', etagOf(ports.alertChannels.versionOf(channel.id)));
  res.json(shown(channel, ports));
}

function asked({ req }: Call, { alertChannels }: AlertChannelPorts): AlertChannel {
  const channel = alertChannels.byId(String(req.params.id));
  if (channel === null) throw new ApiProblem('not-found');
  return channel;
}

function mustBeFree({ id, name }: AlertChannel, { alertChannels }: AlertChannelPorts): void {
  const same = (other: AlertChannel): boolean =>
    other.id !== id && other.name.toLowerCase() === name.toLowerCase();
  if (alertChannels.all().some(same)) throw new ApiProblem('unusable', { problems: [nameTaken(name)] });
}

const tooMany = (): ApiProblem =>
  new ApiProblem('unusable', {
    problems: [{ where: 'name', says: `there are ${MOST} channels already`, hint: 'Remove one first.' }],
  });

function shown(
  channel: AlertChannel,
  { alertChannels, alertDeliveries }: AlertChannelPorts,
): AlertChannelView {
  const { id, name, enabled, place } = channel;
  const { waiting, last } = alertDeliveries.stateOf(id);
  const state = { id, name, enabled, waiting, last };
  if (place.kind !== 'webhook') return { ...state, ...place };
  return { ...state, ...place, signed: alertChannels.secretsOf(id)?.secret !== undefined };
}

function deliveries(
  { channel: channelId, before, limit }: z.output<typeof schemas.deliveriesQuery>,
  { alertChannels, alertDeliveries }: AlertChannelPorts,
): AlertDeliveryPage {
  const names = new Map(alertChannels.all().map(({ id, name }) => [id, name]));
  const rows = alertDeliveries.list({ channelId, before, limit });
  return {
    deliveries: rows.map(({ message, ...row }) => {
      const { says, alerts } = JSON.parse(message) as {
        readonly says: string;
        readonly alerts: readonly { readonly id: number }[];
      };
      const channel = names.get(row.channelId) ?? row.channelId;
      return { ...row, channel, says, alerts: alerts.map(({ id }) => id) };
    }),
    next: rows.length < limit ? null : (rows.at(-1)?.id ?? null),
  };
}
