import { errnoName, libc } from './libc.ts';

/** Larger than glibc's and musl's objects on every 64-bit machine. */
const ACTIONS_BYTES = 256;
const ATTRIBUTES_BYTES = 1024;
const SIGSET_BYTES = 128;
const SETPGROUP = 2;
const SETSIGDEF = 4;
const SETSIGMASK = 8;

const noSignals = Buffer.alloc(SIGSET_BYTES);
const allSignals = Buffer.alloc(SIGSET_BYTES, 0xff);

/** In a process group of its own (same session), no signal blocked or ignored. */
const attributes = Buffer.alloc(ATTRIBUTES_BYTES);
let ready = false;
function childAttributes(): Buffer {
  if (ready) return attributes;
  libc.attributesInit(attributes);
  libc.attributesFlags(attributes, SETPGROUP | SETSIGDEF | SETSIGMASK);
  libc.attributesGroup(attributes, 0);
  libc.attributesMask(attributes, noSignals);
  libc.attributesDefault(attributes, allSignals);
  ready = true;
  return attributes;
}

export interface PosixSpawn {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string | null;
  readonly stdio: readonly [stdin: number, stdout: number, stderr: number];
}

export type PosixSpawned = { readonly pid: number } | { readonly errno: string };

/**
 * Starts a child without copying this process (glibc uses vfork semantics), so it costs the same however
 * large the daemon is. Errors of exec in the child come back as `errno`. Nothing but fds 0 to 2 is inherited.
 */
export function posixSpawn(wanted: PosixSpawn): PosixSpawned {
  const env = Object.entries(wanted.env).map(([name, value]) => `${name}=${value}`);
  if ([wanted.file, ...wanted.argv, ...env].some((text) => text.includes('\0'))) return { errno: 'EINVAL' };
  const actions = Buffer.alloc(ACTIONS_BYTES);
  libc.actionsInit(actions);
  try {
    wanted.stdio.forEach((fd, index) => {
      libc.actionsDup2(actions, fd, index);
    });
    if (wanted.directory !== null) libc.actionsChdir(actions, wanted.directory);
    libc.actionsCloseFrom?.(actions, 3);
    const pid = [0];
    const errno: number = libc.posixSpawn(
      pid,
      wanted.file,
      actions,
      childAttributes(),
      [...wanted.argv, null],
      [...env, null],
    );
    return errno === 0 ? { pid: pid[0] ?? 0 } : { errno: errnoName(errno) };
  } finally {
    libc.actionsDestroy(actions);
  }
}
