import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestSupervisor } from './supervisors.ts';
import { until } from './until.ts';

/** One event as a listener got it. */
export interface Heard {
  readonly header: Readonly<Record<string, string>>;
  /** The header line as written. */
  readonly line: string;
  readonly payload: string;
}

const LISTENER = join(import.meta.dirname, 'programs/listener.py');

/** A pool of one test listener that writes what it hears to `NAME.events`; `mode` as in `listener.py`. */
export function listenerSection(name: string, events: string, mode = 'ok', more = ''): string {
  return `
[eventlistener:${name}]
command=/usr/bin/python3 ${LISTENER} {dir}/${name}.events ${mode}
events=${events}
startsecs=0
${more}
`;
}

/** Everything the listener of pool `name` has heard so far. */
export function heard(supervisor: TestSupervisor, name: string): Heard[] {
  const lines = supervisor
    .read(`${name}.events`)
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((text) => {
    const { header, payload } = JSON.parse(text) as { header: string; payload: string };
    const tokens = header
      .trim()
      .split(' ')
      .map((token) => token.split(/:(.*)/s).slice(0, 2) as [string, string]);
    return { header: Object.fromEntries(tokens), line: header, payload };
  });
}

/** Waits until the listener of pool `name` has heard `count` events that `match`; answers those. */
export function hears(
  supervisor: TestSupervisor,
  name: string,
  count: number,
  match: (event: Heard) => boolean = () => true,
): Promise<Heard[]> {
  return until(`${count} events at ${name}; log: ${supervisor.log().slice(-800)}`, () => {
    const events = heard(supervisor, name).filter(match);
    return events.length >= count ? events : null;
  });
}

/** Waits until the listener process itself is up. */
export function listenerUp(supervisor: TestSupervisor, name: string): Promise<boolean> {
  return until(`listener ${name} up`, () => existsSync(join(supervisor.dir, `${name}.events.up`)));
}
