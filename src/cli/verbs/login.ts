import { hostname } from 'node:os';
import type { DeviceWish, NewToken, SignedIn } from '../../api/contract.ts';
import { parseGrant } from '../../fleet/grant-text.ts';
import { browserLogin } from '../browser-login.ts';
import { checked, DEFAULT_HUB } from '../credentials.ts';
import { parseSpan, stampText } from '../durations.ts';
import { CliFailure } from '../failure.ts';
import { HubApi } from '../hub-api.ts';
import { type Profile, readProfiles, saveProfile } from '../profiles.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, type Given, textOption } from '../verb.ts';

/** Gets a token, for a password or from somebody at a browser, and keeps the token; a password is kept nowhere. */
export const login: FleetVerb = {
  name: 'login',
  words: '[URL]',
  summary: 'sign in to a hub and keep a token for it',
  examples: [
    'fleetvisor login https://fleet.example.net',
    'fleetvisor login https://fleet.example.net --browser --expires 30d --at-most viewer',
    'fleetvisor login --user ci --password-stdin < password.txt',
    'fleetvisor login https://fleet.example.net --token-stdin < token.txt',
  ],
  options: [
    ['--browser', 'be let in by somebody who is signed in to the console: the way for single sign-on'],
    ['--user <name>', 'do not ask for the user'],
    ['--code <code>', 'code of the second factor; asked for at a terminal when there is one'],
    ['--password-stdin', 'read the password from standard input instead of asking'],
    ['--token-stdin', 'keep this token, made in the console, instead'],
    ['--expires <span>', 'how long the token shall be good: 8h, 30d (90d)'],
    ['--at-most <grant>', 'what the token may at most, as in viewer or operator@env=stage/web:*'],
  ],
  completes: 'none',
  async run([url], given, context) {
    const { io, clock, login: wish } = context;
    const hub = checked(
      url ?? wish.hub ?? (io.env.FLEETVISOR_HUB || (readProfiles(io.env).current ?? DEFAULT_HUB)),
    );
    warnPlainHttp(hub, io);
    if (given.tokenStdin === true) return keepToken(hub, await io.readAll(), context);
    const wanted = wantedToken(given);
    const api = new HubApi({ hub, token: null, from: 'login' }, clock);
    const user = given.browser === true ? '' : (textOption(given, 'user') ?? (await askedUser(io)));
    const made =
      user === ''
        ? await browserLogin(api, wanted, { io, clock })
        : await byPassword(api, { user, ...wanted }, given, io);
    if (made === null) return 'interrupted';
    return keep({ hub, user: made.user, token: made.token }, made.expiresAtMs, context);
  },
};

/** `expiresAtMs`: null where it never ends, left out where that is not known. */
function keep(profile: Profile, expiresAtMs: number | null | undefined, { io, output }: CliContext): 'done' {
  const file = saveProfile(profile, io.env);
  const { hub, user } = profile;
  const until = expiresAtMs == null ? '' : `, good until ${stampText(expiresAtMs)}`;
  if (output === 'json') io.json({ hub, user, file, expiresAtMs });
  else io.note(`Signed in to ${hub} as ${oneLine(user)}. The token is kept in ${file}${until}.`);
  return 'done';
}

/** What the token is called, how long it is good, and what it may at most. */
function wantedToken(given: Given): DeviceWish {
  const label = `fleetvisor CLI on ${hostname()}`.slice(0, 100);
  const [expires, atMost] = [textOption(given, 'expires'), textOption(given, 'atMost')];
  const ttlMs = expires === undefined ? undefined : parseSpan(expires);
  if (ttlMs === null)
    throw new CliFailure('usage', `--expires: "${expires}" is no time span`, 'As in 8h or 30d.');
  const limit = atMost === undefined ? undefined : parseGrant(atMost);
  if (limit?.ok === false)
    throw new CliFailure('usage', `--at-most: ${limit.problems[0].says}`, limit.problems[0].hint ?? '');
  return { label, ...(ttlMs === undefined ? {} : { ttlMs }), ...(limit === undefined ? {} : limit.value) };
}

async function askedUser(io: CliContext['io']): Promise<string> {
  if (!io.canAsk)
    throw new CliFailure(
      'usage',
      'nobody is here to be asked',
      'Give --user NAME and --password-stdin, or --browser, or --token-stdin.',
    );
  const answer = await io.ask('User (or just Enter, to sign in with a browser): ');
  if (answer === null) throw new CliFailure('notConfirmed', 'no login given');
  return answer.trim();
}

/** At a terminal the code of the second factor is asked for once it turns out that there is one. */
async function byPassword(
  api: HubApi,
  wish: DeviceWish & { readonly user: string },
  given: Given,
  io: CliContext['io'],
): Promise<NewToken> {
  const password = given.passwordStdin === true ? await io.readAll() : await askedHidden('Password: ', io);
  const withCode = (code: string | undefined): Promise<NewToken> =>
    api.post<NewToken>('/tokens', { ...wish, password, ...(code === undefined ? {} : { code }) });
  try {
    return await withCode(textOption(given, 'code'));
  } catch (error) {
    if (!(error instanceof CliFailure) || error.problem !== 'code-needed') throw error;
    if (!io.canAsk) throw new CliFailure('notSignedIn', error.message, 'Give it with --code.');
    return withCode((await io.ask('Code of the second factor: '))?.trim() ?? '');
  }
}

/** A token that was made elsewhere, once the hub takes it. */
async function keepToken(hub: string, token: string, context: CliContext): Promise<'done'> {
  const api = new HubApi({ hub, token, from: 'standard input' }, context.clock);
  const { user } = await api.get<SignedIn>('/session');
  return keep({ hub, user, token }, undefined, context);
}

async function askedHidden(question: string, io: CliContext['io']): Promise<string> {
  if (!io.canAsk) throw new CliFailure('usage', 'nobody is here to be asked', 'Give --password-stdin.');
  const answer = await io.askHidden(question);
  if (answer === null || answer === '') throw new CliFailure('notConfirmed', 'no login given');
  return answer;
}

function warnPlainHttp(hub: string, io: CliContext['io']): void {
  const { protocol, hostname: host } = new URL(hub);
  if (protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(host)) {
    io.note(`Warning: ${hub} is not encrypted; whoever listens on the way can read the password.`);
  }
}
