import { isIPv4 } from 'node:net';
import type { Config, HttpServerConfig } from '../config/config.ts';
import { portObstacle, socketFileObstacle } from '../os/can-listen.ts';

/**
 * Why a restart in place with `next` would end with nothing running, or null: a server it adds cannot be opened.
 * Looked at before anything is stopped: a safe difference to PROC-075.
 */
export function restartObstacle(now: Config, next: Config): string | null {
  for (const server of next.servers) {
    const errno = now.servers.some((ours) => sharesAddress(ours, server)) ? null : obstacleTo(server);
    if (errno !== null) return `cannot listen on ${addressOf(server)} (${errno})`;
  }
  return null;
}

/** Our own servers are closed before the new ones open. */
function sharesAddress(ours: HttpServerConfig, server: HttpServerConfig): boolean {
  if (server.kind === 'unix') return ours.kind === 'unix' && ours.path === server.path;
  return ours.kind === 'inet' && ours.port === server.port;
}

function obstacleTo(server: HttpServerConfig): string | null {
  if (server.kind === 'unix') return socketFileObstacle(server.path);
  const isKnown = server.host === '' || server.host === 'localhost' || isIPv4(server.host);
  return isKnown ? portObstacle(server.host, server.port) : null; // looking a name up takes time a signal has not
}

function addressOf(server: HttpServerConfig): string {
  return server.kind === 'unix' ? server.path : `${server.host}:${server.port}`;
}
