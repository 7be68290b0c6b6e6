import koffi from 'koffi';

const library = koffi.load(null);

/** A function of the C library, or null where this C library lacks it. */
function optional(prototype: string): ((...args: readonly unknown[]) => number) | null {
  try {
    return library.func(prototype);
  } catch {
    return null; // musl has no closefrom for spawn; descriptors are close-on-exec anyway
  }
}

/**
 * The calls Node does not offer, as in C: -1 and errno for most, the error number itself for posix_spawn*.
 * Variadic ones are bound with fixed integers, which Linux passes the same way on x86-64 and arm64.
 */
export const libc = {
  pipe2: library.func('int pipe2(_Out_ int *fds, int flags)'),
  fcntl: library.func('int fcntl(int fd, int command, int argument)'),
  waitid: library.func('int waitid(int type, int id, void *info, int options)'),
  waitpid: library.func('int waitpid(int pid, _Out_ int *status, int options)'),
  prlimit: library.func('int prlimit(int pid, int resource, void *wanted, void *old)'),
  socket: library.func('int socket(int domain, int type, int protocol)'),
  setsockopt: library.func('int setsockopt(int fd, int level, int option, void *value, unsigned int length)'),
  bind: library.func('int bind(int fd, void *address, unsigned int length)'),
  connect: library.func('int connect(int fd, void *address, unsigned int length)'),
  syscall: library.func('long syscall(long number, long first, long second)'),
  ioctl: library.func('int ioctl(int fd, unsigned long request, void *info)'),
  fcntlLock: library.func('int fcntl(int fd, int command, void *lock)'),
  initgroups: library.func('int initgroups(const char *user, unsigned int group)'),
  dup2: library.func('int dup2(int from, int to)'),
  signal: library.func('void *signal(int signal, void *handler)'),
  listen: library.func('int listen(int fd, int backlog)'),
  posixSpawn: library.func(
    'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attributes, const char **argv, const char **env)',
  ),
  actionsInit: library.func('int posix_spawn_file_actions_init(void *actions)'),
  actionsDup2: library.func('int posix_spawn_file_actions_adddup2(void *actions, int from, int to)'),
  actionsChdir: library.func(
    'int posix_spawn_file_actions_addchdir_np(void *actions, const char *directory)',
  ),
  actionsCloseFrom: optional('int posix_spawn_file_actions_addclosefrom_np(void *actions, int from)'),
  actionsDestroy: library.func('int posix_spawn_file_actions_destroy(void *actions)'),
  attributesInit: library.func('int posix_spawnattr_init(void *attributes)'),
  attributesFlags: library.func('int posix_spawnattr_setflags(void *attributes, short flags)'),
  attributesGroup: library.func('int posix_spawnattr_setpgroup(void *attributes, int group)'),
  attributesMask: library.func('int posix_spawnattr_setsigmask(void *attributes, void *mask)'),
  attributesDefault: library.func('int posix_spawnattr_setsigdefault(void *attributes, void *mask)'),
} as const;

const ERRNO_NAMES = new Map([
  ...Object.entries(koffi.os.errno).map(([name, number]): [number, string] => [number, name]),
  [koffi.os.errno.EAGAIN, 'EAGAIN'] as const, // also called EWOULDBLOCK
]);

/** `EMFILE` for 24; the number in words when it has no name. */
export function errnoName(errno: number): string {
  return ERRNO_NAMES.get(errno) ?? `errno ${errno}`;
}

/** The name of what made the last call of this thread return -1. */
export function lastErrnoName(): string {
  return errnoName(koffi.errno());
}
