import type { Me, NewToken, RecoveryCodes, SecondFactorProposal, SessionView } from '../../api/contract.ts';
import { qrPath } from '../view/settings/qr-path.ts';
import {
  type FormAsk,
  type FormPage,
  field,
  filled,
  firstWord,
  NotDone,
  type PlainForm,
  shownAgain,
} from './form.ts';

const own = { right: null, nav: 'settings', back: '/settings/you' } as const;
const DAYS = [7, 30, 90, 366];
const DAY_MS = 86_400_000;
const id = encodeURIComponent;
const codeIn = (given: URLSearchParams): string => field(given, 'code').replace(/\s/g, '');

/** What everybody does about themselves. */
export const OWN_FORMS = {
  'change-password': {
    ...own,
    async page({ call, reader: { say, user } }) {
      const { secondFactor } = await call<Me>('GET', '/me');
      return {
        icon: 'lock',
        title: say('you.changeTitle'),
        text: say('you.changeText'),
        button: say('you.changeButton'),
        fields: 'password',
        shape: 'one',
        model: { factor: secondFactor, user },
      };
    },
    async send({ call, given, reader: { say } }) {
      const [now, next] = [given.get('password'), given.get('new')];
      if (next !== given.get('again'))
        throw new NotDone(422, { cause: say('you.differ'), mend: say('you.differMend') });
      await call('POST', '/me/password', {
        password: now,
        newPassword: next,
        ...filled({ code: codeIn(given) }),
      });
      return { kind: 'done', said: { key: 'you.changed' } };
    },
  },
  'set-factor': {
    ...own,
    page: ({ reader: { say, user } }) => ({
      icon: 'shield-lock',
      title: say('factor.title'),
      text: say('factor.why'),
      button: say('factor.begin'),
      fields: 'factor-begin',
      shape: 'one',
      model: { user },
    }),
    async send(ask) {
      const password = ask.given.get('password');
      const { secret, uri } = await ask.call<SecondFactorProposal>('POST', '/me/second-factor', { password });
      return { kind: 'shown', page: scanPage(secret, uri, ask) };
    },
  },
  'confirm-factor': {
    ...own,
    page(ask) {
      const [secret, uri] = [field(ask.given, 'secret'), field(ask.given, 'uri')];
      return secret === '' || !uri.startsWith('otpauth://') ? null : scanPage(secret, uri, ask);
    },
    async send({ call, given, reader: { say } }) {
      const body = { secret: field(given, 'secret'), code: codeIn(given) };
      const { recoveryCodes } = await call<RecoveryCodes>('POST', '/me/second-factor/confirm', body);
      const model = { codes: recoveryCodes };
      const page: FormPage = {
        icon: 'shield-lock',
        title: say('factor.isOn'),
        text: say('factor.keep'),
        above: 'codes',
        model,
      };
      return { kind: 'shown', page };
    },
  },
  'drop-factor': {
    ...own,
    page: ({ reader: { say, user } }) => ({
      icon: 'shield-lock',
      title: say('factor.dropTitle'),
      text: say('factor.dropText'),
      button: say('factor.dropButton'),
      danger: true,
      fields: 'factor-drop',
      shape: 'one',
      model: { user },
    }),
    async send({ call, given }) {
      await call('POST', '/me/second-factor/drop', { password: given.get('password'), code: codeIn(given) });
      return { kind: 'done', said: { key: 'factor.dropped' } };
    },
  },
  'new-token': { ...own, page: tokenPage, send: makeToken },
  'revoke-token': {
    ...own,
    of: ['data-id', 'data-label'],
    async send({ of, from, call }) {
      const [token, label] = firstWord(of);
      await call('DELETE', `/tokens/${id(token)}`);
      return { kind: 'done', said: { key: 'tokens.revoked', values: { label } }, to: from };
    },
  },
  'end-session': {
    ...own,
    of: ['data-id', 'data-user'],
    async send({ of, from, call }) {
      const [session, user] = firstWord(of);
      const whose = user === '-' ? '/me' : `/users/${id(user)}`;
      await call('DELETE', `${whose}/sessions/${id(session)}`);
      return { kind: 'done', said: { key: 'sessions.ended', values: { n: 1 } }, to: from };
    },
  },
  'end-others': {
    ...own,
    async send({ call }) {
      const others = (await call<readonly SessionView[]>('GET', '/me/sessions')).filter((one) => !one.own);
      for (const one of others) await call('DELETE', `/me/sessions/${id(one.id)}`);
      return { kind: 'done', said: { key: 'sessions.ended', values: { n: others.length } } };
    },
  },
} as const satisfies Record<string, PlainForm>;

function scanPage(secret: string, uri: string, { reader: { say } }: FormAsk): FormPage {
  return {
    icon: 'shield-lock',
    title: say('factor.title'),
    text: say('factor.scan'),
    button: say('factor.turnOn'),
    above: 'factor-scan',
    fields: 'factor-proof',
    shape: 'one',
    next: 'confirm-factor',
    model: { ...qrPath(uri), secret, uri, grouped: secret.replace(/(.{4})(?=.)/g, '$1 ') },
  };
}

async function tokenPage({ call, given, reader: { say, user } }: FormAsk): Promise<FormPage> {
  const { secondFactor, signsInBy } = await call<Me>('GET', '/me');
  const [days, role] = [Number(field(given, 'days')) || 90, field(given, 'role')];
  return {
    icon: 'key',
    title: say('tokens.makeTitle'),
    text: say('tokens.makeText'),
    button: say('tokens.makeButton'),
    fields: 'token',
    model: {
      given: shownAgain(given),
      user,
      password: signsInBy !== 'oidc',
      factor: secondFactor,
      days: DAYS.map((n) => ({ value: n, text: say('tokens.days', { n }), on: n === days })),
      roles: (['viewer', 'operator', 'admin'] as const).map((one) => ({
        role: one,
        text: say(`role.${one}`),
        on: one === role,
      })),
    },
  };
}

async function makeToken({ call, given, reader: { say } }: FormAsk) {
  const label = field(given, 'label');
  const { token } = await call<NewToken>('POST', '/me/tokens', {
    label,
    ttlMs: Number(field(given, 'days')) * DAY_MS,
    ...filled({ role: field(given, 'role'), scope: field(given, 'scope'), code: codeIn(given) }),
    ...(given.has('password') ? { password: given.get('password') } : {}),
  });
  return {
    kind: 'shown',
    page: oncePage('key', say('tokens.made', { label }), say('tokens.madeText'), token),
  } as const;
}

/** A secret that is shown this once. */
export function oncePage(icon: string, title: string, text: string, secret: string): FormPage {
  return { icon, title, text, above: 'once', model: { secret } };
}
