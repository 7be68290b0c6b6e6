import { z } from 'zod';
import type { FleetEvent } from '../fleet/event.ts';
import { hostView, processView } from './fleet-shapes.ts';
import { shapeOf } from './shape.ts';
import { atMs, processState } from './words.ts';

const happened = {
  id: z.int().describe('Grows with every event, and never comes again.'),
  atMs,
  hostId: z.string(),
  host: z.string().describe('The host’s name at the time.'),
};

const processEvent = z.strictObject({
  ...happened,
  kind: z.literal('process'),
  group: z.string(),
  process: z.string(),
  state: processState,
  pid: z.int(),
  exitStatus: z.int().nullable(),
  exitSignal: z.string().nullable(),
  expected: z.boolean().nullable(),
  spawnError: z.string(),
  restarted: z.boolean().describe('It was started again though nobody asked.'),
  crashed: z.boolean().describe('It ended as nobody wished.'),
  lastLines: z.array(z.string()).nullable().describe('Last words of a crash, newest last.'),
});

const hostEvent = z.strictObject({
  ...happened,
  kind: z.literal('host'),
  state: z.enum(['connecting', 'reachable', 'unreachable', 'disabled']),
  says: z.string().describe('What is wrong with it; empty when nothing is.'),
});

export const fleetEvent = shapeOf<FleetEvent>()(
  z.discriminatedUnion('kind', [processEvent, hostEvent]).meta({
    id: 'FleetEvent',
    description: 'Something that happened in the fleet, as history keeps it.',
  }),
);

export const eventPage = z
  .strictObject({
    events: z.array(fleetEvent).describe('Oldest first.'),
    cursor: z.int().describe('Everything up to this number was looked at: the next `after`.'),
    more: z.boolean().describe('With `after` there are newer ones still, without it older ones.'),
    gap: z.string().exactOptional().describe('What was asked for and is not there any more.'),
  })
  .meta({ id: 'EventPage' });

export const crash = z
  .strictObject({
    id: z.int(),
    atMs,
    state: processState,
    exitStatus: z.int().nullable(),
    exitSignal: z.string().nullable(),
    spawnError: z.string(),
    lastLines: z.array(z.string()).describe('Its last words, newest last.'),
  })
  .meta({ id: 'Crash', description: 'An end of a process that nobody wished.' });

export const processDetail = z
  .strictObject({
    host: hostView,
    process: processView,
    events: z.array(fleetEvent).describe('Newest first.'),
    crashes: z.array(crash),
  })
  .meta({ id: 'ProcessDetail' });
