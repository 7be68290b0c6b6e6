import type { EventBus, SupervisorEvent } from './event.ts';

interface Subscriber {
  readonly hear: (event: SupervisorEvent) => void;
  readonly logs: boolean;
}

/** Makes the daemon's bus. `report` hears of a subscriber that threw, which is a bug. */
export function createEventBus(report: (error: unknown) => void): EventBus {
  let subscribers: readonly Subscriber[] = []; // replaced, never changed: an emit goes on over the list it began with
  let logSubscribers = 0;
  return {
    emit(event) {
      for (const subscriber of subscribers) {
        if (event.kind === 'process-log' && !subscriber.logs) continue;
        try {
          subscriber.hear(event);
        } catch (error) {
          report(error);
        }
      }
    },
    subscribe(hear, wants = {}) {
      const subscriber: Subscriber = { hear, logs: wants.logs === true };
      subscribers = [...subscribers, subscriber];
      if (subscriber.logs) logSubscribers += 1;
      return () => {
        if (!subscribers.includes(subscriber)) return;
        subscribers = subscribers.filter((other) => other !== subscriber);
        if (subscriber.logs) logSubscribers -= 1;
      };
    },
    wantsLogs: () => logSubscribers > 0,
  };
}
