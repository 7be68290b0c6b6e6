import { compareText } from './compare-text.ts';
import type { Method } from './method.ts';

/** `fleetvisor.*`: what supervisord has no word for. */
export const strayMethods: Readonly<Record<string, Method>> = {
  getStrays: {
    help: 'Return what processes that ended have left running, sorted by group, name and pid.',
    params: [],
    unlisted: true,
    returns: [
      'array',
      'Per stray a struct: group and name of the process it came from, pid, command, and start in epoch seconds',
    ],
    run: ({ supervisor, clock }) =>
      supervisor
        .strays()
        .map(({ pid, name: command, upForMs, mark: { group, name } }) => {
          const start = Math.floor((clock.wallMs() - upForMs) / 1_000);
          return { group, name, pid, command, start };
        })
        .toSorted((a, b) => compareText(a.group, b.group) || compareText(a.name, b.name) || a.pid - b.pid),
  },
};
