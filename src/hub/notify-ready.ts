import { spawn } from 'node:child_process';

/**
 * Tells systemd that the hub listens now, where it was started by a unit of `Type=notify`. Node has no datagrams over
 * unix sockets: systemd's own command sends it.
 */
export function notifyReady(env: NodeJS.ProcessEnv, failed: (error: unknown) => void): void {
  if (!env.NOTIFY_SOCKET) return;
  spawn('systemd-notify', ['--ready'], { stdio: 'ignore' }).on('error', failed);
}
