import type { Action, Fleet, HostView } from '../api/contract.ts';
import type { KnownNames } from './completion-words.ts';
import type { HubApi } from './hub-api.ts';

/** The names of a hub's hosts, groups, processes and actions, as they are now. */
export function namesOf(hub: () => HubApi): KnownNames {
  return {
    fleet: () => hub().get<Fleet>('/fleet'),
    hosts: () => hub().get<readonly HostView[]>('/hosts'),
    actions: () => hub().get<readonly Action[]>('/actions'),
  };
}

/** The same, asked for at most once until forgotten; none where the hub does not answer. */
export class RememberedNames implements KnownNames {
  readonly #names: KnownNames;
  #fleet: Promise<Fleet> | null = null;
  #actions: Promise<readonly Action[]> | null = null;

  constructor(names: KnownNames) {
    this.#names = names;
  }

  fleet(): Promise<Fleet> {
    this.#fleet ??= this.#names.fleet().catch(() => ({ atMs: 0, hosts: [], processes: [] }));
    return this.#fleet;
  }

  async hosts(): Promise<readonly HostView[]> {
    return (await this.fleet()).hosts;
  }

  actions(): Promise<readonly Action[]> {
    this.#actions ??= this.#names.actions().catch(() => []);
    return this.#actions;
  }

  forget(): void {
    this.#fleet = null;
    this.#actions = null;
  }
}
