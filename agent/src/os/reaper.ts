import { libc } from './libc.ts';
import { type ChildEnd, decodeWaitStatus } from './wait-status.ts';

const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
const SIGINFO_BYTES = 128;
/** Offset of si_pid in siginfo_t on 64-bit Linux. */
const SI_PID = 16;

/** Told of each ended child, after it is gone from the process table. */
export type Reaped = (pid: number, end: ChildEnd) => void;

/**
 * Collects ended children whenever the kernel says there are some. `isOurs` children are told to `ended` at
 * once; a zombie nobody here started (we are pid 1, or a subreaper) to `foreign`, unless Node itself collects
 * it first, which it does for children of its own within the same turn of the loop.
 */
export function startReaper(isOurs: (pid: number) => boolean, ended: Reaped, foreign: Reaped): () => void {
  let suspect = 0;
  const sweep = (): void => {
    for (let pid = nextZombie(); pid > 0; pid = nextZombie()) {
      if (isOurs(pid)) collect(pid, ended);
      else if (pid === suspect) collect(pid, foreign);
      else {
        suspect = pid;
        setImmediate(sweep);
        return;
      }
    }
    suspect = 0;
  };
  process.on('SIGCHLD', sweep);
  setImmediate(sweep); // for children that ended before anybody listened
  return () => process.off('SIGCHLD', sweep);
}

const info = Buffer.alloc(SIGINFO_BYTES);

/** The pid of some ended child, left in the process table; 0 when there is none. */
function nextZombie(): number {
  info.fill(0);
  if (libc.waitid(P_ALL, 0, info, WEXITED | WNOHANG | WNOWAIT) !== 0) return 0;
  return info.readInt32LE(SI_PID);
}

function collect(pid: number, tell: Reaped): void {
  const status = [0];
  if (libc.waitpid(pid, status, WNOHANG) === pid) tell(pid, decodeWaitStatus(status[0] ?? 0));
}
