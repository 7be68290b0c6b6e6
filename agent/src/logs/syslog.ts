import type { Clock } from '../os/clock.ts';
import { syslogStamp } from '../os/local-time.ts';
import { type DatagramSender, datagramSender } from '../os/syslog.ts';

/** The machine's syslog: facility USER, ident of the daemon. Never waits; a line nobody takes is lost. */
export interface Syslog {
  write(line: string): void;
}

const USER_INFO = 14;

export interface SyslogOptions {
  /** The daemon's program name. */
  readonly ident: string;
  readonly clock: Clock;
  readonly path?: string;
}

/** Connects to `/dev/log` when the first line is written. Contract: PROC-106. */
export function openSyslog({ ident, clock, path = '/dev/log' }: SyslogOptions): Syslog {
  let sender: DatagramSender | null = null;
  return {
    write(line) {
      sender ??= datagramSender(path);
      sender.send(Buffer.from(`<${USER_INFO}>${syslogStamp(clock.wallMs())} ${ident}: ${line}`));
    },
  };
}
