import type { Host } from '../../src/fleet/host.ts';
import type { HostLink, LinkCall, LinkProcess, LinkTail } from '../../src/links/host-link.ts';

/** A link whose answers a test gives. */
export class MadeLink implements HostLink {
  readonly host: Host;
  readonly calls: LinkCall[] = [];
  /** Of an agent: which run of it this is. */
  runId: string | null = null;
  /** What the next calls come to; left alone they are accepted. */
  answer: (call: LinkCall) => Promise<unknown> = async () => true;

  constructor(host: Host) {
    this.host = host;
  }

  open(): void {}

  async close(): Promise<void> {}

  call(call: LinkCall): Promise<unknown> {
    this.calls.push(call);
    return this.answer(call);
  }

  run(): string | null {
    return this.runId;
  }

  tail(): LinkTail {
    throw new Error('this link has no tails');
  }
}

export function madeHost(more: Partial<Host> = {}): Host {
  return {
    id: 'h1',
    name: 'web-01',
    kind: 'supervisord',
    url: 'http://web-01:9001',
    environment: null,
    tags: [],
    disabled: false,
    createdAtMs: 0,
    ...more,
  };
}

export function madeProcess(more: Partial<LinkProcess> = {}): LinkProcess {
  return {
    group: 'web',
    name: 'web_00',
    state: 'RUNNING',
    sinceMs: 0,
    pid: 100,
    startedAtMs: 0,
    stoppedAtMs: 0,
    exitStatus: null,
    exitSignal: null,
    expected: null,
    spawnError: '',
    tries: null,
    retryAtMs: null,
    startMs: null,
    hasStdout: true,
    hasStderr: true,
    ...more,
  };
}
