import { thrownErrno } from './errno.ts';
import type { SpawnRequest } from './os.ts';
import { closeQuietly, openPipe, type Pipe, setNonBlocking } from './pipe.ts';

/** Both ends of everything a new child reads and writes. */
export interface ChildPipes {
  /** What becomes fd 0, 1 and 2 of the child. */
  readonly stdio: readonly [number, number, number];
  /** Our ends; null where the child has no such pipe. */
  readonly stdin: number | null;
  readonly stdout: number;
  readonly stderr: number | null;
  /** Closes the child's ends here, once the child has its copies. */
  release(): void;
  /** Closes our ends: there is no child after all. */
  abandon(): void;
}

/** Opens what the request asks for, or nothing at all: `errno` says which error stopped it. */
export function openChildPipes(request: SpawnRequest): ChildPipes | { readonly errno: string } {
  const opened: Pipe[] = [];
  try {
    const stdin = request.stdin === 'pipe' ? openInto(opened) : null;
    const stdout = openInto(opened);
    const stderr = request.stderr === 'pipe' ? openInto(opened) : null;
    const childEnds = [stdin?.readEnd, stdout.writeEnd, stderr?.writeEnd].filter((fd) => fd !== undefined);
    const ourEnds = [stdin?.writeEnd, stdout.readEnd, stderr?.readEnd].filter((fd) => fd !== undefined);
    ourEnds.forEach(setNonBlocking);
    const childStdin = request.stdin === 'pipe' ? (childEnds[0] ?? -1) : request.stdin.fd;
    return {
      stdio: [childStdin, stdout.writeEnd, (stderr ?? stdout).writeEnd],
      stdin: stdin?.writeEnd ?? null,
      stdout: stdout.readEnd,
      stderr: stderr?.readEnd ?? null,
      release: () => childEnds.forEach(closeQuietly),
      abandon: () => ourEnds.forEach(closeQuietly),
    };
  } catch (thrown) {
    for (const pipe of opened) [pipe.readEnd, pipe.writeEnd].forEach(closeQuietly);
    return { errno: thrownErrno(thrown) };
  }
}

function openInto(opened: Pipe[]): Pipe {
  const pipe = openPipe();
  opened.push(pipe);
  return pipe;
}
