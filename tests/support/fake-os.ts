import type {
  Child,
  FileKind,
  Os,
  OutputChannel,
  SharedSocket,
  SharedSocketRequest,
  Signalled,
  Spawned,
  SpawnRequest,
  Written,
} from '../../agent/src/os/os.ts';
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
  readonly #alive = new Map<number, SpawnRequest>();
  #pid = 100;

  spawn(request: SpawnRequest): Spawned {
    this.requests.push(request);
    const failure = this.failures.shift();
    if (failure !== undefined) return failure;
    const pid = ++this.#pid;
    this.#alive.set(pid, request);
    return { kind: 'spawned', child: this.#child(pid) };
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

  /** The child exits with a code, or dies of a signal given by number. */
  exit(pid: number, how: number | { readonly signal: number; readonly coreDumped?: boolean }): void {
    const hear = this.#heard(pid);
    this.#alive.delete(pid);
    if (typeof how === 'number') hear.end({ code: how, signal: null, coreDumped: false });
    else hear.end({ code: null, signal: signalName(how.signal), coreDumped: how.coreDumped ?? false });
  }

  #heard(pid: number): SpawnRequest['hear'] {
    const request = this.#alive.get(pid);
    if (request === undefined) throw new Error(`no child ${pid}`);
    return request.hear;
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
