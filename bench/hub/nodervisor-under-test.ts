import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../tests/support/supervisors.ts';
import { until } from '../../tests/support/until.ts';

/** A checkout of nodervisor, started on a port of its own; its database is the one its config.js names. */
export class NodervisorUnderTest {
  readonly address: string;
  readonly version: string;
  readonly #child: ChildProcess;

  private constructor(checkout: string, port: number) {
    this.address = `http://127.0.0.1:${port}`;
    this.version = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')).version;
    const run = `require('./config').port = ${port}; require('./app')`;
    this.#child = spawn(process.execPath, ['-e', run], { cwd: checkout, stdio: 'ignore' });
    process.once('exit', () => this.#child.kill());
  }

  static async start(checkout: string): Promise<NodervisorUnderTest> {
    const peer = new NodervisorUnderTest(checkout, await freePort());
    await until('nodervisor', async () => (await fetch(`${peer.address}/login`)).ok, { withinMs: 30_000 });
    return peer;
  }

  /** Cookie of a browser its first user is signed in with. */
  async cookie(): Promise<string> {
    const body = new URLSearchParams({ email: 'admin@nodervisor', password: 'admin', submit: '' });
    const answer = await fetch(`${this.address}/login`, { method: 'POST', body, redirect: 'manual' });
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  /** Makes these its only hosts. */
  async watch(
    hosts: readonly { readonly name: string; readonly url: string }[],
    cookie: string,
  ): Promise<void> {
    const body = new URLSearchParams({ submit: '' });
    for (const { name, url } of hosts) {
      body.append('host[idHost]', '0');
      body.append('host[Name]', name);
      body.append('host[Url]', url);
    }
    for (const each of [new URLSearchParams({ submit: '' }), body]) {
      const page = await fetch(`${this.address}/hosts`, { method: 'POST', body: each, headers: { cookie } });
      if (!(await page.text()).includes('Hosts have been saved')) throw new Error('nodervisor took no hosts');
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGTERM');
    await ended;
  }
}
