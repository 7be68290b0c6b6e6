import type { HubSettings, ProtectedEnvironment } from '../../api/contract.ts';
import { field, firstWord, type PlainForm } from './form.ts';

const hub = { right: 'manage-hub', nav: 'settings', back: '/settings/hub' } as const;

/** What is set for the hub as a whole. */
export const HUB_FORMS = {
  protect: {
    ...hub,
    of: ['data-asks', 'data-name'],
    async send({ of, call, reader: { say } }) {
      const [asks, environment] = firstWord(of);
      const { protectedEnvironments } = await call<HubSettings>('GET', '/settings');
      const others = protectedEnvironments.filter((one) => one.environment !== environment);
      const next = isAsked(asks) ? [...others, { environment, asks }] : others;
      await call('PATCH', '/settings', { protectedEnvironments: next });
      const how = isAsked(asks) ? say(`hub.asks.${asks}`) : say('hub.asks.nothing');
      return { kind: 'done', said: { key: 'forms.protected', values: { name: environment, how } } };
    },
  },
  'approval-minutes': {
    ...hub,
    async send({ given, call }) {
      const approvalMinutes = Number(field(given, 'minutes'));
      await call('PATCH', '/settings', { approvalMinutes });
      return { kind: 'done', said: { key: 'forms.minutes', values: { n: approvalMinutes } } };
    },
  },
  'revoke-join-token': {
    ...hub,
    right: 'manage-hosts',
    of: ['data-id'],
    async send({ of, call }) {
      const [id] = firstWord(of);
      await call('DELETE', `/join-tokens/${encodeURIComponent(id)}`);
      return { kind: 'done', said: { key: 'joinTokens.revoked', values: { id } } };
    },
  },
} as const satisfies Record<string, PlainForm>;

const isAsked = (asks: string): asks is ProtectedEnvironment['asks'] =>
  asks === 'typed' || asks === 'second-person';
