import { hostname } from 'node:os';
import type { NewToken, SignedIn } from '../../api/contract.ts';
import type { Clock } from '../../clock.ts';
import { checked, DEFAULT_HUB } from '../credentials.ts';
import { CliFailure } from '../failure.ts';
import { HubApi } from '../hub-api.ts';
import { readProfiles, saveProfile } from '../profiles.ts';
import { type CliContext, type FleetVerb, textOption } from '../verb.ts';

/** Trades a user and password for a token and keeps the token; the password is kept nowhere. */
export const login: FleetVerb = {
  name: 'login',
  words: '[URL]',
  summary: 'sign in to a hub and keep a token for it',
  examples: [
    'fleetvisor login https://fleet.example.net',
    'fleetvisor login --user ci --password-stdin < password.txt',
    'fleetvisor login https://fleet.example.net --token-stdin < token.txt',
  ],
  options: [
    ['--user <name>', 'do not ask for the user'],
    ['--code <code>', 'code of the second factor, when there is one'],
    ['--token-stdin', 'keep this token instead: for those who sign in to the hub in a browser alone'],
    ['--password-stdin', 'read the password from standard input instead of asking'],
  ],
  completes: 'none',
  async run([url], given, { io, clock, login: wish }) {
    const hub = checked(
      url ?? wish.hub ?? (io.env.FLEETVISOR_HUB || (readProfiles(io.env).current ?? DEFAULT_HUB)),
    );
    warnPlainHttp(hub, io);
    if (given.tokenStdin === true) return keepToken(hub, await io.readAll(), io, clock);
    const user = textOption(given, 'user') ?? (await asked('User: ', 'shown', io));
    const password =
      given.passwordStdin === true ? await io.readAll() : await asked('Password: ', 'hidden', io);
    const api = new HubApi({ hub, token: null, from: 'login' }, clock);
    const label = `fleetvisor CLI on ${hostname()}`.slice(0, 100);
    const code = textOption(given, 'code');
    const made = await api.post<NewToken>('/tokens', {
      user,
      password,
      label,
      ...(code === undefined ? {} : { code }),
    });
    const path = saveProfile({ hub, user: made.user, token: made.token }, io.env);
    io.note(`Signed in to ${hub} as ${made.user}. The token is kept in ${path}.`);
    return 'done';
  },
};

/** A token that was made elsewhere, once the hub takes it. */
async function keepToken(hub: string, token: string, io: CliContext['io'], clock: Clock): Promise<'done'> {
  const api = new HubApi({ hub, token, from: 'standard input' }, clock);
  const { user } = await api.get<SignedIn>('/session');
  const path = saveProfile({ hub, user, token }, io.env);
  io.note(`Signed in to ${hub} as ${user}. The token is kept in ${path}.`);
  return 'done';
}

async function asked(question: string, echo: 'shown' | 'hidden', io: CliContext['io']): Promise<string> {
  if (!io.canAsk) {
    throw new CliFailure('usage', 'nobody is here to be asked', 'Give --user NAME and --password-stdin.');
  }
  const answer = echo === 'shown' ? await io.ask(question) : await io.askHidden(question);
  if (answer === null || answer === '') throw new CliFailure('notConfirmed', 'no login given');
  return answer;
}

function warnPlainHttp(hub: string, io: CliContext['io']): void {
  const { protocol, hostname: host } = new URL(hub);
  if (protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(host)) {
    io.note(`Warning: ${hub} is not encrypted; whoever listens on the way can read the password.`);
  }
}
