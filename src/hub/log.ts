import { pino } from 'pino';
import { isoText } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { AgentBundle } from '../install/bundle.ts';
import { scrub } from './scrub.ts';

/** What the hub tells its keeper: JSON lines on stderr, never a secret. */
export interface HubLog {
  /** With what it hands to hosts; null: it was built without the agent. */
  started(address: string, agent?: AgentBundle | null): void;
  stopping(signal: string): void;
  /** With when the certificate ends that is shown from now on; null: the hub has none. */
  reloaded(certificateEndsMs: number | null): void;
  /** The former certificate is shown on. */
  notReloaded(says: string): void;
  /** Something that should never happen; the hub goes on. */
  bug(error: unknown): void;
  /** History could not be written; it is tried again. */
  notStored(error: unknown, dropped: number): void;
  lostCredentials(hosts: readonly string[]): void;
  uplinkRefused(why: object): void;
  /** Of the hub itself; less than 0: it has ended. */
  certificateEnds(daysLeft: number): void;
  /** What the groups' file said before goes on counting. */
  brokenGroupRoles(problems: readonly object[]): void;
  /** Groups of the directory cannot be read again: what they gave goes on counting; null: they can again. */
  groupsNotRead(says: string | null): void;
}

export function hubLog(level: HubConfig['logLevel']): HubLog {
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks: { streamWrite: scrub } },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    started: (address, agent) => {
      log.info({ address }, 'started');
      if (agent) log.debug({ version: agent.version, sha256: agent.sha256 }, 'agent bundle for hosts');
    },
    stopping: (signal) => log.info({ signal }, 'stopping'),
    reloaded: (endsMs) =>
      endsMs === null
        ? log.info('nothing to reload: a certificate is all that is, other settings need a restart')
        : log.info({ certificateEnds: isoText(endsMs) }, 'certificate reloaded'),
    notReloaded: (says) => log.error({ says }, 'the certificate is not taken, the former one is shown on'),
    bug: (error) => log.error({ err: error }, 'bug'),
    notStored: (error, dropped) => log.error({ err: error, dropped }, 'history could not be written'),
    lostCredentials: (hosts) =>
      log.warn({ hosts }, 'hub.key does not open the passwords of these hosts: give them anew'),
    brokenGroupRoles: (problems) => log.error({ problems }, 'the file of --group-roles is not taken'),
    groupsNotRead: (says) =>
      says === null
        ? log.info('the groups of the directory are read again')
        : log.warn({ says }, 'the groups of the directory cannot be read: what they gave goes on counting'),
    certificateEnds: (days) =>
      log.warn(
        { days },
        days < 0 ? 'the certificate of the hub has ended' : 'the certificate of the hub ends soon',
      ),
    uplinkRefused: (why) => log.warn(why, 'an agent was sent away'),
  };
}
