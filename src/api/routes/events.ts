import type { EventFeed, EventWish } from '../../control/event-feed.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import { aboutTargets } from '../../control/wanted-events.ts';
import type { EventKind } from '../../fleet/event.ts';
import { parseSelector } from '../../fleet/selector.ts';
import type { EventPage } from '../contract.ts';
import * as schemas from '../event-schemas.ts';
import { eventPage, fleetEvent } from '../event-shapes.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
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
    guardedRoute({
      method: 'get',
      path: '/events',
      right: 'see-fleet',
      says: 'Lists events: the latest ones, those before a number, or those after it.',
      query: schemas.eventsQuery,
      answers: { 200: eventPage },
      problems: ['unusable'],
      run(call) {
        const { after, before, limit, ...asked } = call.query;
        const wish = wishFor(asked, call);
        const page: EventPage =
          after === undefined ? feed.latest(wish, limit, before) : feed.page(wish, after, limit);
        call.res.json(page);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/events/stream',
      right: 'see-fleet',
      says: 'Follows the events as server-sent events, on from the number the reader has.',
      more: 'Each is `event: event` with its number as `id`. `event: gap` says what was asked for and is gone.',
      query: schemas.eventStreamQuery,
      headers: ['last-event-id'],
      answers: { 200: { stream: 'text/event-stream', each: fleetEvent } },
      problems: ['unusable'],
      async run(call) {
        const { after, ...asked } = call.query;
        const last = schemas.lastEventId(call.req.headers['last-event-id']);
        await streamEvents(feed, wishFor(asked, call), last.success ? last.data : (after ?? null), {
          ...ports,
          call,
        });
      },
    }),
  ];
}
