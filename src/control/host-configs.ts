import { FAULT_CODES, OWN_CONFIG_METHOD } from '@fleetvisor/agent/protocol';
import type { Clock } from '../clock.ts';
import type { HostView } from '../fleet/host.ts';
import type { HostConfig, ProcessOptions } from '../fleet/process-options.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import { toldConfig } from '../links/told-config.ts';
import { randomId } from '../store/secret.ts';

/** How old an answer may be and still be told again. */
const FRESH_MS = 15_000;
const WITHIN_MS = 5_000;
const MOST_PAGES = 100;
/** Of so many hosts the last answer is kept, the latest asked for. */
const MOST_KEPT = 500;
const NEVER: HostConfig = { atMs: null, processes: [], says: '' };

export interface HostConfigPorts {
  readonly clock: Clock;
  link(hostId: string): HostLink | null;
  readonly bug: (error: unknown) => void;
}

/**
 * How the hosts' supervisors are configured: asked when somebody wants to know, of each host once at a time and at
 * most every 15 s, however many look. A host that does not answer keeps what it told last, with the reason.
 */
export class HostConfigs {
  readonly #ports: HostConfigPorts;
  readonly #kept = new Map<string, HostConfig>();
  readonly #asking = new Map<string, Promise<HostConfig>>();

  constructor(ports: HostConfigPorts) {
    this.#ports = ports;
  }

  /** What is known at once; null: never asked for. Asks for news meanwhile. Never throws. */
  known(host: HostView): HostConfig | null {
    const kept = this.#kept.get(host.id) ?? null;
    this.ask(host).catch(this.#ports.bug);
    return kept;
  }

  /** Resolves within a few seconds, whatever the host does. */
  ask(host: HostView): Promise<HostConfig> {
    const kept = this.#kept.get(host.id);
    const isFresh = kept?.atMs != null && this.#ports.clock.wallMs() - kept.atMs < FRESH_MS;
    if (kept !== undefined && isFresh && kept.says === '') return Promise.resolve(kept);
    const under = this.#asking.get(host.id);
    if (under !== undefined) return under;
    const asking = this.#ask(host).finally(() => this.#asking.delete(host.id));
    this.#asking.set(host.id, asking);
    return asking;
  }

  async #ask(host: HostView): Promise<HostConfig> {
    const before = this.#kept.get(host.id) ?? NEVER;
    const config = await this.#told(host).catch((error: unknown): HostConfig => {
      if (!(error instanceof LinkError)) throw error;
      return { ...before, says: error.message };
    });
    this.#kept.delete(host.id);
    this.#kept.set(host.id, config);
    const oldest = this.#kept.size > MOST_KEPT ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    return config;
  }

  async #told(host: HostView): Promise<HostConfig> {
    const link = this.#ports.link(host.id);
    const away = awayWords(host);
    if (link === null || away !== null)
      throw new LinkError('unreachable', away ?? 'the host is not connected');
    const processes = host.kind === 'agent' ? await ownPages(link) : await allInfo(link);
    return { atMs: this.#ports.clock.wallMs(), processes, says: '' };
  }
}

function awayWords({ reachability, name }: HostView): string | null {
  if (reachability.kind === 'unreachable') return `${name} does not answer: ${reachability.failure.says}`;
  if (reachability.kind === 'disabled') return `${name} is disabled`;
  return null;
}

const ask = (link: HostLink, method: string, params: readonly unknown[] = []): Promise<unknown> =>
  link.call({ id: randomId('q'), method, params, deadlineMs: WITHIN_MS, looks: true });

/** An agent tells it in pages, with the names of the environment; one older than that as supervisord does. */
async function ownPages(link: HostLink): Promise<ProcessOptions[]> {
  const processes: ProcessOptions[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(link, OWN_CONFIG_METHOD, [processes.length]).catch((error: unknown) => {
      if (page === 0 && isUnknownMethod(error)) return null;
      throw error;
    });
    if (answer === null) return allInfo(link);
    const { total, told } = pageOf(answer);
    processes.push(...told);
    if (told.length === 0 || processes.length >= total) break;
  }
  return processes;
}

function pageOf(answer: unknown): { total: number; told: ProcessOptions[] } {
  const { total, processes } = (typeof answer === 'object' && answer !== null ? answer : {}) as {
    total?: unknown;
    processes?: unknown;
  };
  return { total: typeof total === 'number' ? total : 0, told: toldConfig(processes) ?? unreadable() };
}

async function allInfo(link: HostLink): Promise<ProcessOptions[]> {
  try {
    return toldConfig(await ask(link, 'supervisor.getAllConfigInfo')) ?? unreadable();
  } catch (error) {
    if (!isUnknownMethod(error)) throw error;
    throw new LinkError('fault', 'this supervisord does not tell its configuration; from 4.0 on it does');
  }
}

function unreadable(): never {
  throw new LinkError('unknown', 'it answered with something that is no configuration');
}

/** A veto: an agent that does not know the method lets no hub call it. */
function isUnknownMethod(error: unknown): boolean {
  if (!(error instanceof LinkError)) return false;
  return error.kind === 'vetoed' || error.faultCode === FAULT_CODES.UNKNOWN_METHOD;
}
