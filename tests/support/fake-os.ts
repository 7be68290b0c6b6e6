import type { Stray } from '../../agent/src/os/group-members.ts';
import type {
  Child,
  ChildEars,
  FileKind,
  Os,
  OutputChannel,
  SharedSocket,
  SharedSocketRequest,
  Spawned,
  SpawnRequest,
  Written,
} from '../../agent/src/os/os.ts';
import type { ProcessIdentity } from '../../agent/src/os/proc-table.ts';
import type { Signalled } from '../../agent/src/os/send-signal.ts';
import { signalName } from '../../agent/src/os/signals.ts';

/** One signal as it was sent. */
export interface SentSignal {
  readonly pid: number;
  readonly signal: string;
  readonly to: 'child' | 'group';
}

/** A machine that does nothing by itself: it records spawns and signals, and a test says what children do. */
export class FakeOs implements Os {
  readonly requests: SpawnRequest[] = [];
  readonly signals: SentSignal[] = [];
  readonly sockets: string[] = [];
  /** What stands at a path; everything else is a program that can be run. */
  readonly files = new Map<string, FileKind>();
  /** Answers of the next spawns, in order, in place of a child. */
  readonly failures: Extract<Spawned, { kind: 'failed' }>[] = [];
  /** What the next signals meet, in order; `sent` when empty. */
  readonly signalled: Signalled[] = [];
  readonly written: Buffer[] = [];
  nextWritten: Written = 'taken';
  env: Record<string, string> = { PATH: '/bin' };
  readonly #alive = new Map<number, ChildEars>();
  #pid = 100;

  spawn(request: SpawnRequest): Spawned {
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure !== undefined) return failure;
    const pid = ++this.#pid;
    this.#alive.set(pid, request.hear);
    return { kind: 'spawned', child: this.#child(pid) };
  }

  /** Children of another daemon that can be taken over. */
  readonly left = new Set<number>();
  /** What children left behind. */
  readonly strays: Stray[] = [];

  adopt({ pid }: ProcessIdentity, _mates: readonly number[], hear: ChildEars): Child | null {
    if (!this.left.has(pid)) return null;
    this.#alive.set(pid, hear);
    return this.#child(pid);
  }

  hasMembers(group: number): boolean {
    return this.strays.some((stray) => stray.group === group);
  }

  membersOf(groups: ReadonlySet<number>): readonly Stray[] {
    return this.strays.filter(({ group }) => groups.has(group));
  }

  fileKind(path: string): FileKind {
    return this.files.get(path) ?? 'executable';
  }

  environment(): Readonly<Record<string, string>> {
    return this.env;
  }

  listenShared({ url }: SharedSocketRequest): SharedSocket {
    this.sockets.push(`open ${url}`);
    return { fd: 77, close: () => this.sockets.push(`close ${url}`) };
  }

  /** Pids of children that have not ended, oldest first. */
  alive(): number[] {
    return [...this.#alive.keys()];
  }

  say(pid: number, channel: OutputChannel, text: string): void {
    this.#heard(pid).output(channel, Buffer.from(text));
  }

  /** A child of another daemon ends: nobody is told how. */
  vanish(pid: number): void {
    const hear = this.#heard(pid);
    this.#alive.delete(pid);
    hear.end({ code: null, signal: null, coreDumped: false });
  }

  /** The child exits with a code, or dies of a signal given by number. */
  exit(
    pid: number,
    how: number | 'unknown' | { readonly signal: number; readonly coreDumped?: boolean },
  ): void {
    const hear = this.#heard(pid);
    this.#alive.delete(pid);
    if (how === 'unknown') hear.end({ code: null, signal: null, coreDumped: false });
    else if (typeof how === 'number') hear.end({ code: how, signal: null, coreDumped: false });
    else hear.end({ code: null, signal: signalName(how.signal), coreDumped: how.coreDumped ?? false });
  }

  #heard(pid: number): ChildEars {
    const hear = this.#alive.get(pid);
    if (hear === undefined) throw new Error(`no child ${pid}`);
    return hear;
  }

  #child(pid: number): Child {
    return {
      pid,
      pipes: { stdin: 10, stdout: 11, stderr: 12 },
      signal: (signal, to) => {
        this.signals.push({ pid, signal: signalName(signal), to });
        return this.signalled.shift() ?? { kind: 'sent' };
      },
      write: (bytes) => {
        if (this.nextWritten === 'taken') this.written.push(bytes);
        return this.nextWritten;
      },
    };
  }
}
