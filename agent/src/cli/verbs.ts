import type { Verb } from './verb.ts';
import { add } from './verbs/add.ts';
import { avail } from './verbs/avail.ts';
import { clear } from './verbs/clear.ts';
import { completion } from './verbs/completion.ts';
import { fg } from './verbs/fg.ts';
import { help } from './verbs/help.ts';
import { maintail } from './verbs/maintail.ts';
import { open } from './verbs/open.ts';
import { pid } from './verbs/pid.ts';
import { endOfInput, exit, quit } from './verbs/quit.ts';
import { reload } from './verbs/reload.ts';
import { remove } from './verbs/remove.ts';
import { reread } from './verbs/reread.ts';
import { restart } from './verbs/restart.ts';
import { shutdown } from './verbs/shutdown.ts';
import { signal } from './verbs/signal.ts';
import { start } from './verbs/start.ts';
import { status } from './verbs/status.ts';
import { stop } from './verbs/stop.ts';
import { strays } from './verbs/strays.ts';
import { tail } from './verbs/tail.ts';
import { update } from './verbs/update.ts';
import { version } from './verbs/version.ts';

/** Every command there is, in the order help lists them. Contract: CTL-096. */
export const VERBS: readonly Verb[] = [
  add,
  avail,
  clear,
  completion,
  endOfInput,
  exit,
  fg,
  help,
  maintail,
  open,
  pid,
  quit,
  reload,
  remove,
  reread,
  restart,
  shutdown,
  signal,
  start,
  status,
  stop,
  strays,
  tail,
  update,
  version,
];
