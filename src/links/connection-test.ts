import type { Clock } from '../clock.ts';
import type { ConnectionTest, TestStep, TestStepName } from '../fleet/connection-test.ts';
import { type SaidValues, told } from '../fleet/said.ts';
import type { SentenceKey } from '../fleet/sentences.ts';
import { Endpoint, type SupervisordCredentials } from './endpoint.ts';
import { linkFailure, REQUEST_DEADLINE_MS } from './link-failure.ts';
import { openPlain, openSecure, type PlainSocket } from './probe-socket.ts';
import { resolveName } from './resolve-name.ts';
import { isForbiddenAddress, type SupervisordAddress } from './supervisord-address.ts';
import { SupervisordClient } from './supervisord-client.ts';
import { askFacts, type ToldFacts } from './supervisord-facts.ts';
import { asTransportError } from './supervisord-failure.ts';
import type { TlsTrust } from './tls-trust.ts';
import { TransportError } from './transport-error.ts';

export interface TestedHost {
  /** As sentences name it. */
  readonly name: string;
  readonly address: SupervisordAddress;
  readonly credentials: SupervisordCredentials | null;
  readonly trust: TlsTrust | null;
}

/** Goes the whole way to a supervisord once and times each step; never throws, never longer than 5 s a step. */
export async function testConnection(host: TestedHost, clock: Clock): Promise<ConnectionTest> {
  const test = new RunningTest(host, clock);
  try {
    await test.run();
  } catch (error) {
    test.failed(asTransportError(error));
  } finally {
    test.close();
  }
  return test.result();
}

class RunningTest {
  readonly #host: TestedHost;
  readonly #clock: Clock;
  readonly #steps: TestStep[] = [];
  readonly #closers: (() => void)[] = [];
  #now: TestStepName = 'name';
  #sinceMs = 0;
  #facts: ToldFacts | null = null;
  #certificate: string | null = null;

  constructor(host: TestedHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  async run(): Promise<void> {
    const ip = await this.#name();
    const socket = await this.#connect(ip);
    await this.#tls(socket);
    await this.#ask();
  }

  failed(error: TransportError): void {
    const { name, address } = this.#host;
    const { kind: _, ...words } = linkFailure(error, name, address);
    this.#steps.push({ step: this.#now, result: 'failed', ms: this.#took(), ...words });
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  result(): ConnectionTest {
    const ok = this.#steps.every(({ result }) => result !== 'failed');
    const facts = ok && this.#facts !== null ? shownFacts(this.#facts) : null;
    return { ok, steps: [...this.#steps, ...this.#rest()], facts, certificateSha256: this.#certificate };
  }

  async #name(): Promise<string | null> {
    const { address } = this.#host;
    this.#begin('name');
    if (address.kind === 'unix') return this.#skip('test.noName');
    const resolved = await resolveName(address.hostname, REQUEST_DEADLINE_MS, this.#clock);
    if (!resolved.ok) throw new TransportError('dns', { sent: false });
    const allowed = resolved.addresses.filter((one) => !isForbiddenAddress(one));
    const [first] = allowed;
    if (first === undefined) throw new TransportError('forbidden', { sent: false });
    if (first === address.hostname) this.#done('test.isAddress');
    else this.#done('test.is', { addresses: allowed.slice(0, 3).join(', ') });
    return first;
  }

  async #connect(ip: string | null): Promise<PlainSocket> {
    const { address } = this.#host;
    this.#begin('connect');
    const socket = await openPlain(address, ip, REQUEST_DEADLINE_MS, this.#clock);
    this.#closers.push(() => socket.destroy());
    if (address.kind === 'unix') this.#done('test.socketOpen');
    else this.#done('test.portOpen', { port: String(address.port) });
    return socket;
  }

  async #tls(socket: PlainSocket): Promise<void> {
    const { address, trust } = this.#host;
    this.#begin('tls');
    if (address.kind === 'unix' || !address.secure) {
      socket.destroy();
      this.#skip('test.plainHttp');
      return;
    }
    const { error, sha256, protocol } = await openSecure(
      socket,
      { hostname: address.hostname, trust },
      REQUEST_DEADLINE_MS,
      this.#clock,
    );
    this.#certificate = sha256;
    if (error !== null) throw error;
    this.#done(trust === null ? 'test.tlsValid' : TRUSTED[trust.kind], { protocol });
  }

  /** The first answer shows whether we are let in; a whole round of them that a supervisord is there. */
  async #ask(): Promise<void> {
    const { address, credentials, trust } = this.#host;
    const client = new SupervisordClient(new Endpoint(address, credentials, trust), this.#clock);
    this.#closers.push(() => client.close());
    this.#begin('sign-in');
    const first = await client.askBytes('supervisor.getState').then(() => null, asTransportError);
    if (first?.kind === 'unauthorized') throw first;
    if (first !== null) {
      this.#skip('test.noAnswer');
      this.#now = 'answer'; // the time it took is that of this step
      throw first;
    }
    if (credentials === null) this.#done('test.noUser');
    else this.#done('test.asUser', { user: credentials.username });
    this.#begin('answer');
    this.#facts = await askFacts(client);
    if (this.#facts.version === '') throw new TransportError('not-a-supervisor', { sent: true });
    const { version, daemonState: state } = this.#facts;
    this.#done('test.supervisor', { version, state });
  }

  #begin(step: TestStepName): void {
    this.#now = step;
    this.#sinceMs = this.#clock.uptimeMs();
  }

  #done(key: SentenceKey, values?: SaidValues): void {
    this.#steps.push({ step: this.#now, result: 'done', ms: this.#took(), ...told(key, values), mend: '' });
  }

  #skip(key: SentenceKey): null {
    this.#steps.push(skippedStep(this.#now, key));
    return null;
  }

  #took(): number {
    return Math.round((this.#clock.uptimeMs() - this.#sinceMs) * 10) / 10;
  }

  #rest(): TestStep[] {
    const order: readonly TestStepName[] = ['name', 'connect', 'tls', 'sign-in', 'answer'];
    return order.slice(order.indexOf(this.#now) + 1).map((step) => skippedStep(step, 'test.notComeTo'));
  }
}

/** A step that was not gone, and why. */
export function skippedStep(step: TestStepName, why: SentenceKey): TestStep {
  return { step, result: 'skipped', ms: null, ...told(why), mend: '' };
}

/** Of what a supervisor says of itself, what a test shows. */
export function shownFacts({
  version,
  identifier,
  daemonState,
}: NonNullable<ConnectionTest['facts']>): NonNullable<ConnectionTest['facts']> {
  return { version, identifier, daemonState };
}

const TRUSTED = {
  authority: 'test.tlsAuthority',
  pinned: 'test.tlsPinned',
} as const;
