import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Server } from 'socket.io';
import type { CallMethod } from '../../agent/src/uplink/calls.ts';
import { startUplink, type Uplink } from '../../agent/src/uplink/uplink.ts';
import { systemClock } from '../../src/clock.ts';
import type { Host } from '../../src/fleet/host.ts';
import { AgentLinks, UPLINK_SERVER_OPTIONS } from '../../src/links/agent-links.ts';
import type { HubKeyPair } from '../../src/links/agent-proof.ts';
import type {
  AgentCursor,
  AgentRegistry,
  Joined,
  JoinRequest,
  KnownAgent,
  RefusedUplink,
} from '../../src/links/agent-registry.ts';
import { HeardSink } from './heard-sink.ts';
import { hostRow } from './link-to.ts';
import { heardLog } from './process-parts.ts';
import { ScriptedSupervisor } from './scripted-supervisor.ts';
import { type Lifetime, tempDir } from './supervisors.ts';

/** Agents, tokens and cursors in memory. */
export class MemoryRegistry implements AgentRegistry {
  readonly tokens = new Map<string, { uses: number; expired?: boolean }>();
  readonly hosts = new Map<string, { host: Host; revoked: boolean }>();
  readonly pinned = new Map<string, string>();
  readonly cursors = new Map<string, AgentCursor>();

  findByKey(publicKey: string): KnownAgent | null {
    return this.hosts.get(publicKey) ?? null;
  }

  join({ token, publicKey, hostName }: JoinRequest): Joined {
    const known = this.tokens.get(token);
    if (known === undefined) return { ok: false, reason: 'token-invalid', says: 'no such token' };
    if (known.expired === true) return { ok: false, reason: 'token-expired', says: 'the token has expired' };
    if (known.uses <= 0) return { ok: false, reason: 'token-used', says: 'the token was used' };
    known.uses--;
    const host = hostRow({ id: `id-${hostName}`, name: hostName, kind: 'agent' });
    this.hosts.set(publicKey, { host, revoked: false });
    return { ok: true, host };
  }

  pins(publicKey: string, hubKey: string): void {
    this.pinned.set(publicKey, hubKey);
  }

  cursor(hostId: string): AgentCursor | null {
    return this.cursors.get(hostId) ?? null;
  }

  keepCursor(hostId: string, cursor: AgentCursor): void {
    this.cursors.set(hostId, cursor);
  }
}

export function newHubKey(): HubKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
}

export interface UplinkHub {
  readonly port: number;
  readonly registry: MemoryRegistry;
  readonly links: AgentLinks;
  readonly sink: HeardSink;
  readonly refused: RefusedUplink[];
  readonly hubKey: HubKeyPair;
  close(): Promise<void>;
}

interface HubSetup {
  readonly registry?: MemoryRegistry;
  readonly hubKey?: HubKeyPair;
  readonly former?: readonly HubKeyPair[];
  readonly port?: number;
  readonly sink?: HeardSink;
}

/** The uplink's end at a hub, on a port of its own; closed with the test. */
export async function startUplinkHub(t: Lifetime, setup: HubSetup = {}): Promise<UplinkHub> {
  const server = createServer();
  const io = new Server(server, UPLINK_SERVER_OPTIONS);
  const registry = setup.registry ?? new MemoryRegistry();
  const sink = setup.sink ?? new HeardSink();
  const refused: RefusedUplink[] = [];
  const hubKey = setup.hubKey ?? newHubKey();
  const links = new AgentLinks({
    io,
    registry,
    sink,
    clock: systemClock,
    hubKeys: () => ({ own: hubKey, former: setup.former ?? [] }),
    nonce: () => randomBytes(32).toString('base64'),
    refused: (refusal) => refused.push(refusal),
  });
  await new Promise<void>((done) => server.listen(setup.port ?? 0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= links.close().then(() => new Promise<void>((done) => void io.close(() => done())));
    return closed;
  };
  t.onTestFinished(close);
  return { port: address.port, registry, links, sink, refused, hubKey, close };
}

export interface TestAgent {
  readonly supervisor: ScriptedSupervisor;
  readonly uplink: Uplink;
  readonly hostId: string;
  readonly log: string[];
  readonly dir: string;
  /** Every method called, in order. */
  readonly called: string[];
}

interface AgentSetup {
  readonly port: number;
  readonly dir?: string;
  readonly name?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly names?: readonly string[];
  readonly allow?: 'observe' | 'control' | 'configure';
  readonly callMethod?: CallMethod;
}

/** An agent's uplink over a scripted supervisor; closed with the test. */
export function startTestAgent(t: Lifetime, setup: AgentSetup): TestAgent {
  const dir = setup.dir ?? tempDir(t);
  const supervisor = new ScriptedSupervisor(dir, setup.names ?? ['web:a', 'web:b']);
  const log: string[] = [];
  const called: string[] = [];
  const hostName = setup.name ?? 'box';
  const uplink = startUplink({
    config: {
      fleetvisor: {
        hub: `http://127.0.0.1:${setup.port}`,
        joinToken: setup.token ?? null,
        joinTokenFile: setup.tokenFile ?? null,
        identityFile: join(dir, 'identity.json'),
        hostName,
        allow: setup.allow ?? 'configure',
      },
    },
    supervisor,
    callMethod: async (method, params) => {
      called.push(method);
      return (await setup.callMethod?.(method, params)) ?? true;
    },
    clock: systemClock,
    version: '0.1.0',
    log: heardLog(log),
    random: () => 0,
  });
  t.onTestFinished(() => uplink.close());
  return { supervisor, uplink, hostId: `id-${hostName}`, log, dir, called };
}
