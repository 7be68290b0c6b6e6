import { isHostVerb, type Verb } from '../../fleet/action.ts';
import { requestFrom } from '../action-request.ts';
import { PACE_OPTIONS, paceFrom } from '../pace-options.ts';
import { RUN_OPTIONS, runPlan } from '../run-plan.ts';
import { NARROW_OPTIONS } from '../selector-words.ts';
import type { FleetVerb } from '../verb.ts';

interface Teaching {
  readonly summary: string;
  readonly examples: readonly string[];
}

const TEACHING: Readonly<Record<Verb, Teaching>> = {
  start: {
    summary: 'start every process a selector names, on every host',
    examples: ["fleetvisor start 'web*/web:*'", 'fleetvisor start web-01/cron --no-wait'],
  },
  stop: {
    summary: 'stop every process a selector names, on every host',
    examples: [
      'fleetvisor stop group web',
      'fleetvisor stop group web --dry-run',
      "fleetvisor stop '#stage/*' --yes",
    ],
  },
  restart: {
    summary: 'restart every process a selector names, on every host: at once, or rolling',
    examples: [
      "fleetvisor restart 'env=prod/api:*'",
      'fleetvisor restart group web --rolling --batch 1h --settle 5s --dry-run',
      'fleetvisor restart group web --rolling --batch 25% --pause 10s --max-failures 2 --yes',
    ],
  },
  signal: {
    summary: 'send a signal to every process a selector names that has a child',
    examples: ["fleetvisor signal HUP 'web*/api:*'", 'fleetvisor signal USR1 web-01/cron'],
  },
  clear: {
    summary: 'empty the stdout and stderr logs of every process a selector names',
    examples: ["fleetvisor clear 'web*/api:*' --yes", 'fleetvisor clear web-01/cron'],
  },
  update: {
    summary: 'bring hosts to their configuration files: add, restart and remove the groups that differ',
    examples: [
      'fleetvisor update web-01 --dry-run',
      "fleetvisor update '#prod' --rolling --batch 1 --yes",
      "fleetvisor update 'env=stage' db-01",
    ],
  },
  reread: {
    summary: 'have hosts read their configuration files again, and say what an update would do',
    examples: ["fleetvisor reread 'web*'"],
  },
  reload: {
    summary: 'restart the supervisors of hosts, and with them every process',
    examples: ["fleetvisor reload 'web*' --rolling --batch 1 --settle 5s --yes", 'fleetvisor reload db-01'],
  },
  shutdown: {
    summary: 'stop everything on hosts and end their supervisors; nothing here can start them again',
    examples: ['fleetvisor shutdown web-03', "fleetvisor shutdown 'env=stage' --yes"],
  },
};

/** The verb that plans, asks, runs and reports one fleet action. */
export function actVerb(verb: Verb): FleetVerb {
  const overHosts = isHostVerb(verb);
  return {
    name: verb,
    words: overHosts ? '[HOST...]' : verb === 'signal' ? '<SIGNAL> [SELECTOR...]' : '[SELECTOR...]',
    ...TEACHING[verb],
    options: [...NARROW_OPTIONS, ...RUN_OPTIONS, ...PACE_OPTIONS],
    completes: overHosts ? 'hosts' : 'targets',
    run: (words, given, context) => {
      const pace = paceFrom(given);
      const request = requestFrom(verb, words, given);
      return runPlan(pace === undefined ? request : { ...request, pace }, given, context);
    },
  };
}
