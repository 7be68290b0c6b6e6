import type {
  Action,
  AlertChannelView,
  AlertPage,
  AlertRule,
  Fleet,
  HostView,
  ScheduleView,
} from '../api/contract.ts';
import type { KnownNames } from './completion-words.ts';
import type { HubApi } from './hub-api.ts';

/** The names of a hub's hosts, groups, processes, actions and alerts, as they are now. */
export function namesOf(hub: () => HubApi): KnownNames {
  return {
    fleet: () => hub().get<Fleet>('/fleet'),
    hosts: () => hub().get<readonly HostView[]>('/hosts'),
    actions: () => hub().get<readonly Action[]>('/actions'),
    alerts: async () => (await hub().get<AlertPage>('/alerts', { state: 'open' })).alerts,
    rules: () => hub().get<readonly AlertRule[]>('/alert-rules'),
    channels: () => hub().get<readonly AlertChannelView[]>('/alert-channels'),
    schedules: () => hub().get<readonly ScheduleView[]>('/schedules'),
  };
}

/** The same, those of the fleet and its actions asked for at most once until forgotten; none where the hub does not answer. */
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

  alerts(): Promise<AlertPage['alerts']> {
    return this.#names.alerts().catch(() => []);
  }

  rules(): Promise<readonly AlertRule[]> {
    return this.#names.rules().catch(() => []);
  }

  channels(): Promise<readonly AlertChannelView[]> {
    return this.#names.channels().catch(() => []);
  }

  schedules(): Promise<readonly ScheduleView[]> {
    return this.#names.schedules().catch(() => []);
  }

  forget(): void {
    this.#fleet = null;
    this.#actions = null;
  }
}
