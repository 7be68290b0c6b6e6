import { libc } from '../os/libc.ts';
import type { LocalSupervisor } from '../process/local-supervisor.ts';
import { Refusal } from '../process/refusal.ts';

const SIGUSR1 = 10;
const SIG_DFL = 0;

/** Signals to the daemon, obeyed for whichever supervisor there is. */
export interface Orders {
  /** Obeys for this one from now on, what came meanwhile included. */
  obeyFor(supervisor: LocalSupervisor): void;
  /** Keeps what comes for the next one: this one is stopped already. */
  hold(): void;
}

/**
 * Listens for signals for the life of the process; until there is a supervisor they are kept, once each.
 * Contract: PROC-009, PROC-064 to PROC-067.
 */
export function obeySignals(): Orders {
  let supervisor: LocalSupervisor | null = null;
  const waiting = new Set<keyof typeof ORDERS>();
  for (const name of Object.keys(ORDERS) as (keyof typeof ORDERS)[]) {
    process.on(name, () => {
      if (supervisor === null) waiting.add(name);
      else ORDERS[name](supervisor, name);
    });
  }
  // Node would open its debugger; the system's own action is what supervisord has.
  libc.signal(SIGUSR1, SIG_DFL);
  return {
    obeyFor(next) {
      supervisor = next;
      for (const name of waiting) ORDERS[name](next, name);
      waiting.clear();
    },
    hold() {
      supervisor = null;
    },
  };
}

type Order = (supervisor: LocalSupervisor, name: string) => void;

const ORDERS = {
  SIGTERM: exit,
  SIGINT: exit,
  SIGQUIT: exit,
  SIGHUP: restart,
  SIGUSR2: reopen,
  SIGCHLD: ({ mainLog }) => mainLog.debug('received SIGCHLD indicating a child quit'),
} as const satisfies Partial<Record<NodeJS.Signals, Order>>;

function exit(supervisor: LocalSupervisor, name: string): void {
  supervisor.mainLog.warn(`received ${name} indicating exit request`);
  supervisor.requestExit();
}

function reopen(supervisor: LocalSupervisor, name: string): void {
  supervisor.mainLog.info(`received ${name} indicating log reopen request`);
  supervisor.reopenLogs();
}

/** A restart under way is not begun again; files that cannot be read change nothing. Contract: PROC-065, PROC-075. */
function restart(supervisor: LocalSupervisor, name: string): void {
  const { mainLog } = supervisor;
  if (supervisor.daemonState() === 'SHUTDOWN') {
    mainLog.warn(`ignored ${name} indicating restart request (shutdown in progress)`);
    return;
  }
  mainLog.warn(`received ${name} indicating restart request`);
  if (supervisor.daemonState() === 'RESTARTING') return;
  try {
    supervisor.restart();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    mainLog.error(`restart refused, everything keeps running: ${error.subject}`);
  }
}
