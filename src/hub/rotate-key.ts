import { createHash } from 'node:crypto';
import type { HubKey } from '../store/hub-keys.ts';
import type { HubVerb, VerbPlace } from './verb.ts';

const USAGE = 'rotate-key [--end-former [--yes]] [--json]';

/** A new identity for the hub, followed by agents without joining anew, and the end of the former one. */
export const rotateKey: HubVerb = {
  name: 'rotate-key',
  usage: USAGE,
  help: 'give the hub a new key; agents follow at their next connection. --end-former forgets the old one',
  options: [],
  switches: ['--end-former', '--yes', '--json'],
  run({ words, switches }, place) {
    if (words.length > 0) {
      place.problem(`it takes no name: fleetvisor hub ${USAGE}`);
      return 2;
    }
    if (switches.has('--end-former')) return endFormer(place, switches);
    const { own, former } = place.store.hubKeys.rotate(place.clock.wallMs());
    const behind = place.store.agentKeys.notPinning(own.publicKey);
    if (switches.has('--json')) {
      place.out(JSON.stringify({ key: fingerprint(own), former: former.map(fingerprint), behind }));
      return 0;
    }
    [
      `The hub has a new key, ${fingerprint(own)}; a running one shows it within two seconds.`,
      `${agents(behind)} pinned the former one: each follows when it connects next, and all do so at once when the hub is started again.`,
      'Make a backup now: a hub restored from an older one is refused by agents that have followed.',
      'When all have followed ("fleetvisor hub doctor" tells): fleetvisor hub rotate-key --end-former',
    ].forEach(place.out);
    return 0;
  },
};

function endFormer({ store, out, problem }: VerbPlace, switches: ReadonlySet<string>): number {
  const { own, former } = store.hubKeys.ring();
  const behind = former.length === 0 ? [] : store.agentKeys.notPinning(own.publicKey);
  if (behind.length > 0 && !switches.has('--yes')) {
    problem(
      `not followed yet, and without the former key to join anew: ${shown(behind)}. Wait for them, or say --yes`,
    );
    return 1;
  }
  store.hubKeys.endFormer();
  if (switches.has('--json'))
    out(JSON.stringify({ key: fingerprint(own), ended: former.map(fingerprint), behind }));
  else if (former.length === 0) out('There is no former key.');
  else out(`Only ${fingerprint(own)} counts from now on.`);
  return 0;
}

const fingerprint = ({ publicKey }: HubKey): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64url')}`;

const agents = (names: readonly string[]): string =>
  names.length === 1 ? '1 agent' : `${names.length} agents`;

function shown(names: readonly string[]): string {
  const first = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${first} and ${names.length - 10} more` : first;
}
