import { z } from 'zod';
import { VERBS } from '../fleet/action.ts';
import { pace } from './pace-schema.ts';

const when = z.int();
const state = z.enum(['STOPPED', 'STARTING', 'RUNNING', 'BACKOFF', 'STOPPING', 'EXITED', 'FATAL', 'UNKNOWN']);
const target = {
  hostId: z.string(),
  host: z.string(),
  group: z.string(),
  process: z.string(),
  batch: z.int().optional(),
};
const reason = z.string();
const says = z.string().optional();

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('waiting') }),
  z.object({ kind: z.literal('working'), state, sinceMs: when, says }),
  z.object({ kind: z.literal('done'), state, tookMs: z.number(), says }),
  z.object({ kind: z.enum(['refused', 'failed', 'unreachable', 'unknown']), reason }),
  z.object({ kind: z.literal('cancelled'), says }),
]);

const progress = z.object({
  batch: z.int(),
  batches: z.int(),
  phase: z.enum(['running', 'pausing', 'asking', 'stopped', 'over']),
  untilMs: when.nullable(),
  says,
});

/** What became of waiting for a second person. */
const approval = z.object({
  state: z.enum(['waiting', 'approved', 'declined', 'expired']),
  environments: z.array(z.string()),
  expiresAtMs: when,
  by: z.string().optional(),
  decidedAtMs: when.optional(),
  says,
});

export const action = z.object({
  id: z.string(),
  verb: z.enum(VERBS),
  selector: z.string(),
  by: z.string(),
  startedAtMs: when,
  finishedAtMs: when.nullable(),
  cancelledBy: z.string().nullable(),
  targets: z.array(z.object({ ...target, outcome })),
  signal: z.string().optional(),
  pace: pace.optional(),
  progress: progress.optional(),
  approval: approval.optional(),
});

export const decline = z.strictObject({ reason: z.string().trim().max(500).default('') });
