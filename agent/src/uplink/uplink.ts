import { randomUUID } from 'node:crypto';
import type { MainLog } from '../logs/main-log.ts';
import { machine } from '../os/machine.ts';
import type { Challenge, HelloRefusal } from '../protocol/uplink.ts';
import { Complaints } from './complaints.ts';
import { Connection, type HubSocket, type Welcome } from './connection.ts';
import { distrust, hasFreshToken, helloTo } from './handshake.ts';
import {
  type Identity,
  IdentityProblem,
  loadIdentity,
  newIdentity,
  saveIdentity,
  tokenHash,
} from './identity.ts';
import { RetryPace } from './retry-pace.ts';
import { Session } from './session.ts';
import type { UplinkOptions } from './uplink-options.ts';

export interface Uplink {
  close(): Promise<void>;
}

/**
 * Connects this agent to its hub for as long as it lives; whatever fails there, local supervision goes on.
 * Without a usable identity file it says so in the log and stays away from the hub.
 */
export function startUplink(options: UplinkOptions): Uplink {
  const { hub, identityFile } = options.config.fleetvisor;
  const identity = hub === null ? null : identityOrComplaint(identityFile, options.log);
  if (hub === null || identity === null) return { close: async () => {} };
  const session = new Session(options, {
    epoch: randomUUID(),
    version: options.version,
    pid: process.pid,
    machine: machine(),
  });
  const connection = connectionFor(hub, identity, session, options);
  connection.open();
  return {
    close: async () => {
      connection.close();
      session.close();
    },
  };
}

function identityOrComplaint(path: string, log: MainLog): Identity | null {
  try {
    return loadIdentity(path);
  } catch (error) {
    if (!(error instanceof IdentityProblem)) throw error;
    log.error(`uplink: ${error.message}; this agent stays without its hub`);
    return null;
  }
}

/** Without the file the agent trusts the hub anew after its next start; that is said, and stops nothing. */
function keepIdentity(path: string, identity: Identity, log: MainLog): void {
  try {
    saveIdentity(path, identity);
  } catch (error) {
    log.error(`uplink: cannot keep the hub's key in ${path}: ${(error as Error).message}`);
  }
}

const FORGOTTEN: ReadonlySet<HelloRefusal> = new Set(['unknown-key', 'revoked']);

function connectionFor(hub: string, first: Identity, session: Session, options: UplinkOptions): Connection {
  const { clock, log, version } = options;
  const config = options.config.fleetvisor;
  let kept = first;
  let identity = first;
  const events = {
    meet: (challenge: Challenge, nonce: string) => {
      const reason = distrust(challenge, nonce, identity.hubKey);
      if (reason !== null) return { distrust: reason };
      const about = { config, version, epoch: session.epoch, wallMs: clock.wallMs() };
      const hello = helloTo(challenge, identity, about);
      if (hello.joinToken !== undefined) identity = { ...identity, joinedWith: tokenHash(hello.joinToken) };
      return hello;
    },
    welcomed: (welcome: Welcome, challenge: Challenge, socket: HubSocket) => {
      const learned = { hostId: welcome.hostId, hubKey: challenge.hubKey };
      if (identity.hostId !== learned.hostId || identity.hubKey !== learned.hubKey) {
        if (identity.hubKey !== null && identity.hubKey !== learned.hubKey)
          log.info('uplink: the hub has a new key, for which the pinned one vouches; pinned that one');
        identity = { ...identity, ...learned };
        kept = identity;
        keepIdentity(config.identityFile, identity, log);
      }
      log.info(`uplink: connected to the hub at ${hub} as ${config.hostName}`);
      session.begin(welcome, socket);
    },
    /** The hub that forgot or revoked this host takes it anew with a token; until it has, the host stays who it is. */
    refused(reason: HelloRefusal): 'again' | 'later' {
      const mayJoin = identity === kept && FORGOTTEN.has(reason) && kept.hostId !== null;
      identity = mayJoin && hasFreshToken(config, kept) ? newIdentity(kept.hubKey) : kept;
      return identity === kept ? 'later' : 'again';
    },
    lost: () => session.end(),
  };
  const pace = new RetryPace(options.random ?? Math.random);
  return new Connection(hub, events, { clock, pace, complaints: new Complaints(log, clock) });
}
