import type { EventFeed, EventWish } from '../../control/event-feed.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { aboutTargets } from '../../control/wanted-events.ts';
import type { EventKind } from '../../fleet/event.ts';
import { parseSelector } from '../../fleet/selector.ts';
import type { EventPage } from '../contract.ts';
import * as schemas from '../event-schemas.ts';
import type { Call, Route } from '../route.ts';
import { read } from '../schemas.ts';
import { streamEvents } from '../stream-events.ts';
import type { LineStreamPorts } from '../stream-lines.ts';
import { usable } from './fleet.ts';

export interface EventPorts extends LineStreamPorts {
  readonly fleet: FleetState;
  readonly feed: EventFeed;
}

export function eventRoutes(ports: EventPorts): Route[] {
  const { fleet, feed } = ports;
  const wishFor = (
    asked: { selector: string; kind?: EventKind | undefined },
    { visitor }: Call,
  ): EventWish => ({
    kind: asked.kind,
    wants: aboutTargets(usable(parseSelector(asked.selector)), visitor.person, fleet),
  });
  return [
    {
      method: 'get',
      path: '/events',
      right: 'see-fleet',
      run(call) {
        const { after, before, limit, ...asked } = read(schemas.eventsQuery, { ...call.req.query });
        const wish = wishFor(asked, call);
        const page: EventPage =
          after === undefined ? feed.latest(wish, limit, before) : feed.page(wish, after, limit);
        call.res.json(page);
      },
    },
    {
      method: 'get',
      path: '/events/stream',
      right: 'see-fleet',
      async run(call) {
        const { after, ...asked } = read(schemas.eventStreamQuery, { ...call.req.query });
        const last = schemas.lastEventId(call.req.headers['last-event-id']);
        await streamEvents(feed, wishFor(asked, call), last.success ? last.data : (after ?? null), {
          ...ports,
          call,
        });
      },
    },
  ];
}
