import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import type { HttpServerConfig } from '../config/config.ts';
import type { MainLog } from '../logs/main-log.ts';
import type { Clock } from '../os/clock.ts';
import type { Supervisor } from '../process/supervisor.ts';
import type { Methods } from '../rpc/methods.ts';
import { AuthThrottle } from './auth-throttle.ts';
import { Connections } from './connections.ts';
import type { HttpContext } from './exchange.ts';
import { createHttpServer } from './http-server.ts';
import { type Listener, listenTcp } from './listener.ts';
import { countProcesses } from './process-counters.ts';
import { listenUnix } from './unix-listener.ts';

export interface HttpPorts {
  readonly servers: readonly HttpServerConfig[];
  readonly methods: Methods;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly log: MainLog;
  /** Writes a line to the daemon's stderr: `Unlinking stale socket PATH`. */
  readonly warn: (line: string) => void;
}

export interface HttpServers {
  /** Closes every listener and connection; a unix socket file is removed only while it is still ours. */
  close(): Promise<void>;
}

/** Answers that wait for slow readers, over all connections. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/**
 * Opens every configured server, in order, before it resolves. Rejects with `CannotListen`, whose message is
 * the whole usage error text; what was opened before is closed again. Contract: CFG-159 to CFG-162, RPC-135 to RPC-143.
 */
export async function startHttpServers(ports: HttpPorts): Promise<HttpServers> {
  const opened: OpenServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((server) => server.close()));
  };
  const parts = sharedParts(ports, opened);
  try {
    for (const config of ports.servers) opened.push(await openServer(ports, config, parts));
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

interface OpenServer {
  readonly connections: Connections;
  close(): Promise<void>;
}

interface SharedParts {
  readonly context: HttpContext;
  readonly throttle: AuthThrottle;
}

function sharedParts(ports: HttpPorts, opened: readonly OpenServer[]): SharedParts {
  const unsent = () => opened.reduce((sum, { connections }) => sum + connections.unsentBytes(), 0);
  const context: HttpContext = {
    methods: ports.methods,
    supervisor: ports.supervisor,
    clock: ports.clock,
    log: ports.log,
    counters: countProcesses(ports.supervisor.events),
    pageToken: randomBytes(24).toString('base64url'),
    hasRoomFor: (bytes) => bytes < 1024 * 1024 || unsent() + bytes <= MAX_UNSENT_BYTES,
  };
  return { context, throttle: new AuthThrottle(ports.clock) };
}

async function openServer(
  ports: HttpPorts,
  config: HttpServerConfig,
  shared: SharedParts,
): Promise<OpenServer> {
  const { clock, log, warn } = ports;
  const connections = new Connections(clock);
  const machineName = config.kind === 'inet' ? hostname() : null;
  const createServer = (): Server =>
    createHttpServer({ ...shared, connections, auth: config.auth, machineName });
  const listener: Listener =
    config.kind === 'inet'
      ? await listenTcp(createServer(), config)
      : await listenUnix({ config, createServer, clock, warn, info: (line) => log.info(line) });
  for (const name of ports.supervisor.config().rpcInterfaces) log.info(`RPC interface '${name}' initialized`);
  if (config.auth === null) {
    log.critical(`Server '${config.section}' running without any HTTP authentication checking`);
  }
  return {
    connections,
    close: async () => {
      await listener.close();
      connections.closeAll();
    },
  };
}
