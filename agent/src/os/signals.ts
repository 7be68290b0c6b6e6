import { constants } from 'node:os';

const NAMES = new Map<number, string>([
  ...Object.entries(constants.signals).map(([name, number]): [number, string] => [number, name]),
  // numbers with two names carry the one supervisord prints
  [6, 'SIGABRT'],
  [29, 'SIGPOLL'],
  [31, 'SIGSYS'],
  [34, 'SIGRTMIN'],
  [64, 'SIGRTMAX'],
]);

/** `SIGTERM` for 15; `signal 35` for a number without a name, as supervisord writes it. */
export function signalName(signal: number): string {
  return NAMES.get(signal) ?? `signal ${signal}`;
}
