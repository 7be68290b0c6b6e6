/** The machine's syslog: facility USER, ident of the daemon. Never blocks; a line nobody takes is lost. */
export interface Syslog {
  write(line: string): void;
}
