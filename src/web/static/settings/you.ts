import type { NewToken, SessionView, SignedIn } from '../../../api/contract.ts';
import { call } from '../api.ts';
import { stale } from '../asked.ts';
import { onDo } from '../doers.ts';
import { announce, tell } from '../dom.ts';
import { doNow, field, openForm, showOnce } from '../form-sheet.ts';
import { root, say } from '../page-root.ts';

onDo('change-password', (on) => {
  openForm<SignedIn>({
    template: 'partials/password-sheet',
    model: () => ({ factor: on.dataset.factor === 'yes', user: root.user }),
    send(given) {
      if (given.get('new') !== given.get('again'))
        return { cause: say('you.differ'), mend: say('you.differMend') };
      return call('POST', '/me/password', {
        password: String(given.get('password')),
        newPassword: String(given.get('new')),
        ...codeIn(given),
      });
    },
    done({ csrf }) {
      root.csrf = csrf; // a new session was opened in place of this one
      stale('/me');
      announce(say('you.changed'));
    },
  });
});

/** The code of the second factor, where one was asked for. */
export function codeIn(given: FormData): { code?: string } {
  const code = field(given, 'code');
  return code === '' ? {} : { code };
}

const DAYS = [7, 30, 90, 366];
const DAY_MS = 86_400_000;

onDo('new-token', (on) => {
  openForm<NewToken & { label: string }>({
    template: 'partials/token-sheet',
    kind: 'sheet',
    model: () => ({
      password: on.dataset.password === 'yes',
      factor: on.dataset.factor === 'yes',
      user: root.user,
      days: DAYS.map((n) => ({ value: n, text: say('tokens.days', { n }), on: n === 90 })),
      roles: (['viewer', 'operator', 'admin'] as const).map((role) => ({ role, text: say(`role.${role}`) })),
    }),
    async send(given) {
      const [label, role, scope] = [field(given, 'label'), field(given, 'role'), field(given, 'scope')];
      const answer = await call<NewToken>('POST', '/me/tokens', {
        ...(given.has('password') ? { password: String(given.get('password')) } : {}),
        label,
        ttlMs: Number(field(given, 'days')) * DAY_MS,
        ...(role === '' ? {} : { role }),
        ...(scope === '' ? {} : { scope }),
        ...codeIn(given),
      });
      return answer.ok ? { ...answer, value: { ...answer.value, label } } : answer;
    },
    done({ token, label }) {
      stale('/tokens');
      showOnce({
        icon: 'key',
        title: say('tokens.made', { label }),
        text: say('tokens.madeText'),
        secret: token,
      });
    },
  });
});

onDo('revoke-token', (on) => {
  const { id = '', label = '' } = on.dataset;
  void doNow(call('DELETE', `/tokens/${encodeURIComponent(id)}`), () => {
    stale('/tokens');
    tell(say('tokens.revoked', { label }));
  });
});

const sessionsOf = (user: string | undefined): string =>
  user ? `/users/${encodeURIComponent(user)}/sessions` : '/me/sessions';

onDo('end-session', (on) => {
  const { id = '', user } = on.dataset;
  void doNow(call('DELETE', `${sessionsOf(user)}/${encodeURIComponent(id)}`), () => {
    stale(sessionsOf(user));
    tell(say('sessions.ended', { n: 1 }));
  });
});

onDo('end-others', () => {
  void doNow(call<SessionView[]>('GET', '/me/sessions'), async (sessions) => {
    const others = sessions.filter(({ own }) => !own);
    for (const { id } of others) await call('DELETE', `/me/sessions/${encodeURIComponent(id)}`);
    stale('/me/sessions');
    tell(say('sessions.ended', { n: others.length }));
  });
});
