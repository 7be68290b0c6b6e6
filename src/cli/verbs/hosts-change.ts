import { readFileSync } from 'node:fs';
import type { HostPatch, HostView, TrustWish } from '../../api/contract.ts';
import { askPassword } from '../ask-password.ts';
import { parseSpan, stampText } from '../durations.ts';
import { CliFailure } from '../failure.ts';
import { hostPath, namedHost } from '../named-host.ts';
import { oneLine } from '../terminal-text.ts';
import { type CliContext, type FleetVerb, type Given, listOption, textOption } from '../verb.ts';

/** Changes what is given and leaves the rest as it is. */
export const hostsEdit: FleetVerb = {
  name: 'hosts edit',
  words: '<NAME>',
  summary: 'rename a host, or change its address, password, certificate, environment, tags or notes',
  examples: [
    'fleetvisor hosts edit db-01 --rename db-main --tag db --tag eu',
    'fleetvisor hosts edit db-01 --url https://db-01:9001 --username ops --ca authority.pem',
    'fleetvisor hosts edit db-01 --pin 3f:9a:…',
  ],
  options: [
    ['--rename <name>', 'its new name'],
    ['--url <url>', 'its new address; another scheme, host or port drops the password it had'],
    ['--username <name>', 'user to sign in as; "" signs in with nothing'],
    ['--password-stdin', 'read the password from standard input instead of asking'],
    ['--ca <file>', 'believe certificates of this authority (PEM)'],
    ['--pin <sha256>', 'believe exactly the certificate with this fingerprint'],
    ['--system-ca', 'believe the authorities the system knows again'],
    ['--env <name>', 'environment; "" for none'],
    ['--tag <name...>', 'the tags it has from now on; "" for none'],
    ['--notes <text>', 'free text for those who come later'],
  ],
  completes: 'hosts',
  async run([name = ''], given, context) {
    const patch = await patchFrom(given, context);
    if (Object.keys(patch).length === 0)
      throw new CliFailure('usage', 'nothing is to be changed', 'See: fleetvisor hosts edit --help');
    return change(name, patch, context, (host) => `${oneLine(host.name)} is changed.`);
  },
};

async function patchFrom(given: Given, { io }: CliContext): Promise<HostPatch> {
  const text = (option: string): string | undefined => textOption(given, option);
  const username = text('username');
  const password =
    username === undefined || username === ''
      ? undefined
      : await askPassword(given.passwordStdin === true, io);
  const [name, url, environment, notes] = [text('rename'), text('url'), text('env'), text('notes')];
  const tags = listOption(given, 'tag');
  return {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(environment === undefined ? {} : { environment: environment === '' ? null : environment }),
    ...(tags.length === 0 ? {} : { tags: tags.filter((tag) => tag !== '') }),
    ...(notes === undefined ? {} : { notes }),
    ...(username === undefined ? {} : { username: username === '' ? null : username }),
    ...(password === undefined ? {} : { password }),
    ...(given.systemCa === true ? { trust: null } : trustFrom(given)),
  };
}

/** `--ca FILE` or `--pin SHA256`, as the API takes them. */
export function trustFrom(given: Given): { readonly trust?: TrustWish } {
  const [file, pin] = [textOption(given, 'ca'), textOption(given, 'pin')];
  if (pin !== undefined) return { trust: { sha256: pin } };
  return file === undefined ? {} : { trust: { authority: readPem(file) } };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CliFailure('usage', `${file} cannot be read: ${code}`, 'Look at its name and owner.');
  }
}

async function change(
  name: string,
  patch: HostPatch,
  { hub, io, output }: CliContext,
  says: (host: HostView) => string,
): Promise<'done'> {
  const api = hub();
  const host = await api.patch<HostView>(hostPath(await namedHost(api, name)), patch);
  if (output === 'json') io.json(host);
  else io.line(says(host));
  return 'done';
}

/** Ends the link to a host and keeps everything about it. */
export const hostsDisable: FleetVerb = {
  name: 'hosts disable',
  words: '<NAME>',
  summary: 'leave a host alone: no polling, no actions, until it is enabled again',
  examples: ['fleetvisor hosts disable db-01'],
  options: [],
  completes: 'hosts',
  run: ([name = ''], _given, context) =>
    change(name, { disabled: true }, context, (host) => `${oneLine(host.name)} is disabled.`),
};

export const hostsEnable: FleetVerb = {
  name: 'hosts enable',
  words: '<NAME>',
  summary: 'talk to a disabled host again',
  examples: ['fleetvisor hosts enable db-01'],
  options: [],
  completes: 'hosts',
  run: ([name = ''], _given, context) =>
    change(name, { disabled: false }, context, (host) => `${oneLine(host.name)} is enabled.`),
};

/** Announces work on a host: it is shown to everyone, and nothing about it is changed. */
export const hostsMaintenance: FleetVerb = {
  name: 'hosts maintenance',
  words: '<NAME>',
  summary: 'announce work on a host, or end it with --off',
  examples: [
    'fleetvisor hosts maintenance db-01 --for 2h --note "new disks"',
    'fleetvisor hosts maintenance db-01 --off',
  ],
  options: [
    ['--for <time>', 'ends by itself after this, as in 30m or 2h (default: until --off)'],
    ['--note <text>', 'what is done there'],
    ['--off', 'the work is over'],
  ],
  completes: 'hosts',
  async run([name = ''], given, context) {
    const span = textOption(given, 'for');
    const spanMs = span === undefined ? null : parseSpan(span);
    if (span !== undefined && !spanMs)
      throw new CliFailure('usage', `--for: "${span}" is not a time`, 'Write it like 30m or 2h.');
    if (given.off === true)
      return change(name, { maintenance: null }, context, (host) => `Work on ${oneLine(host.name)} is over.`);
    const untilMs = spanMs === null ? null : context.clock.wallMs() + spanMs;
    const maintenance = { untilMs, note: textOption(given, 'note') ?? '' };
    const until = untilMs === null ? '' : ` until ${stampText(untilMs)}`;
    return change(
      name,
      { maintenance },
      context,
      (host) => `${oneLine(host.name)} is in maintenance${until}.`,
    );
  },
};

/** Puts back what `hosts remove` took away, while the hub still has it. */
export const hostsRestore: FleetVerb = {
  name: 'hosts restore',
  words: '<ID>',
  summary: 'put a removed host back, within ten minutes; "hosts remove" says its id',
  examples: ['fleetvisor hosts restore h_9fQ2x1'],
  options: [],
  completes: 'none',
  async run([id = ''], _given, { hub, io, output }) {
    const host = await hub().post<HostView>(hostPath({ id }, '/restore'), {});
    if (output === 'json') io.json(host);
    else io.line(`${oneLine(host.name)} is back.`);
    return 'done';
  },
};

/** Takes an agent's key back: it is sent away at once, and every time it comes. */
export const hostsRevoke: FleetVerb = {
  name: 'hosts revoke',
  words: '<NAME>',
  summary: 'take the key of an agent back; it has to join anew',
  examples: ['fleetvisor hosts revoke web-01 --yes'],
  options: [['-y, --yes', 'do not ask']],
  completes: 'hosts',
  async run([name = ''], given, { hub, io, output }) {
    const api = hub();
    const host = await namedHost(api, name);
    if (given.yes !== true) {
      const answer = io.canAsk ? await io.ask(`Revoke the key of ${oneLine(host.name)}? [y/N] `) : null;
      if (!/^y(es)?$/i.test(answer ?? ''))
        throw new CliFailure('notConfirmed', 'nothing was done', 'In a script add --yes to go ahead.');
    }
    const revoked = await api.post<HostView>(hostPath(host, '/revoke'), {});
    if (output === 'json') io.json(revoked);
    else io.line(`The key of ${oneLine(host.name)} is revoked.`);
    return 'done';
  },
};
