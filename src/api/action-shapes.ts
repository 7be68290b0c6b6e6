import { z } from 'zod';
import { type Action, type Plan, VERBS } from '../fleet/action.ts';
import { pace as readPace } from './pace-schema.ts';
import { said } from './said-shape.ts';
import { shapeOf } from './shape.ts';
import { atMs, count, ms, processState } from './words.ts';

const pace = readPace.meta({ id: 'Pace', description: 'How an action goes over its targets.' });
const verb = z.enum(VERBS);

const target = {
  hostId: z.string(),
  host: z.string().describe('The host’s name.'),
  group: z.string().describe('Empty when the target is the host itself.'),
  process: z.string(),
};
const batch = z.int().min(0).exactOptional().describe('Of a rolling action: its batch, from 0.');
const says = z.string().exactOptional();
const what = said.exactOptional();

const groupDiff = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('known'),
    added: z.array(z.string()),
    changed: z.array(z.string()),
    removed: z.array(z.string()),
  }),
  z.strictObject({ kind: z.literal('unknown'), reason: z.string(), said: what }),
]);

const plannedTarget = z.strictObject({
  ...target,
  state: processState,
  batch,
  diff: groupDiff.exactOptional().describe('Of an `update`: what would change on the host.'),
});

export const plan = shapeOf<Plan>()(
  z
    .strictObject({
      verb,
      signal: z.string().exactOptional(),
      pace: pace.exactOptional(),
      selector: z.string(),
      targets: z.array(plannedTarget).describe('In the order they are begun.'),
      leftAlone: z
        .array(z.strictObject({ ...plannedTarget.shape, reason: z.string(), said: what }))
        .describe('Matched, but not touched, each with the reason.'),
      hosts: z.array(z.string()),
      confirm: z
        .string()
        .exactOptional()
        .describe('It touches protected environments: what has to be typed, and sent as `confirm`.'),
      secondPerson: z
        .array(z.string())
        .exactOptional()
        .describe('Environments of it in which nothing is done before a second person approves.'),
    })
    .meta({ id: 'Plan', description: 'What an action would touch, before it does.' }),
);

const reason = z.string();
const outcome = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('waiting') }),
    z.strictObject({ kind: z.literal('working'), state: processState, sinceMs: atMs, says, said: what }),
    z.strictObject({
      kind: z.literal('done'),
      state: processState,
      tookMs: ms,
      pids: z
        .strictObject({ before: count, after: count })
        .exactOptional()
        .describe('Of a start or restart: the child before, 0 where none was, and the one that runs now.'),
      says,
      said: what,
    }),
    z.strictObject({ kind: z.literal('refused'), reason, said: what }),
    z.strictObject({ kind: z.literal('failed'), reason, said: what }),
    z.strictObject({ kind: z.literal('unreachable'), reason, said: what }),
    z.strictObject({ kind: z.literal('unknown'), reason, said: what }),
    z.strictObject({ kind: z.literal('cancelled'), says, said: what }),
  ])
  .meta({
    id: 'Outcome',
    description:
      'One target’s way through an action; all but `waiting` and `working` are final. `unknown`: it was sent, and nobody can say what became of it.',
  });

const steps = z
  .array(z.strictObject({ state: z.union([processState, z.literal('end')]), atMs }))
  .exactOptional()
  .describe('The states it was seen in on its way, oldest first; `end`: it has its outcome.');

const progress = z.strictObject({
  batch: count.describe('The batch being done, or to be done next; from 0.'),
  batches: count,
  phase: z
    .enum(['running', 'pausing', 'asking', 'stopped', 'over'])
    .describe('`asking`: the hub was restarted meanwhile and waits for resume or cancel.'),
  untilMs: atMs.nullable().describe('When a pause ends.'),
  says,
  said: what,
});

const approval = z
  .strictObject({
    state: z.enum(['waiting', 'approved', 'declined', 'expired']),
    environments: z.array(z.string()),
    expiresAtMs: atMs.describe('When waiting ends by itself.'),
    by: z.string().exactOptional().describe('Who decided.'),
    decidedAtMs: atMs.exactOptional(),
    says: z.string().exactOptional().describe('Why it was declined.'),
  })
  .describe('A second person’s word on an action in environments that ask for one.');

export const action = shapeOf<Action>()(
  z
    .strictObject({
      id: z.string(),
      verb,
      selector: z.string(),
      by: z.string(),
      startedAtMs: atMs,
      finishedAtMs: atMs.nullable().describe('Null while it runs.'),
      cancelledBy: z.string().nullable(),
      targets: z.array(z.strictObject({ ...target, batch, outcome, steps })),
      signal: z.string().exactOptional(),
      pace: pace.exactOptional(),
      progress: progress.exactOptional(),
      schedule: z
        .string()
        .exactOptional()
        .describe('The name of the schedule that began it, in the rights of `by`.'),
      approval: approval.exactOptional(),
    })
    .meta({ id: 'Action', description: 'A fleet action: one verb over a selector, one outcome per target.' }),
);
