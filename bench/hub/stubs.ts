import { type ChildProcess, fork } from 'node:child_process';
import type { FromStubs, ToStubs } from './stub-supervisors.ts';

/** The program that plays many stock supervisords, told what to do. */
export class Stubs {
  readonly #child: ChildProcess;

  constructor(hosts: number, processes: number) {
    this.#child = fork(process.argv[1] as string, ['play-stubs', `${hosts}`, `${processes}`]);
  }

  hear(): Promise<FromStubs> {
    return new Promise((done) => this.#child.once('message', (message) => done(message as FromStubs)));
  }

  tell(message: ToStubs): void {
    this.#child.send(message);
  }

  async counted(): Promise<readonly number[]> {
    this.tell({ kind: 'count' });
    const answer = await this.hear();
    return answer.kind === 'counted' ? answer.calls : [];
  }

  stop(): void {
    this.#child.disconnect();
  }
}
