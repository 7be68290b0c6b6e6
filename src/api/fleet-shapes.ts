import { z } from 'zod';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import type { RestartSlot } from '../fleet/restarts.ts';
import { said } from './said-shape.ts';
import { shapeOf } from './shape.ts';
import { atMs, count, daemonState, ms, processState } from './words.ts';

const failureKinds = [
  'refused',
  'timeout',
  'dns',
  'tls',
  'no-socket',
  'permission',
  'unauthorized',
  'wrong-path',
  'not-a-supervisor',
  'too-large',
  'closed',
  'not-connected',
  'revoked',
  'shutting-down',
  'other',
] as const;

const reachability = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('connecting'), sinceMs: atMs }),
    z.strictObject({ kind: z.literal('reachable'), sinceMs: atMs }),
    z.strictObject({
      kind: z.literal('unreachable'),
      sinceMs: atMs,
      failure: z.strictObject({
        kind: z.enum(failureKinds),
        says: z.string().describe('The cause: `accepts connections, answers nothing within 5 s`.'),
        mend: z.string().describe('What to do about it.'),
        said: said.exactOptional(),
        mendSaid: said.exactOptional(),
      }),
    }),
    z.strictObject({ kind: z.literal('disabled'), sinceMs: atMs }),
  ])
  .meta({
    id: 'Reachability',
    description: 'Whether the hub can talk to a host, since when, and if not, why.',
  });

export const hostFacts = z.strictObject({
  identifier: z.string(),
  version: z.string().describe('`4.2.5`, or the agent’s own version.'),
  daemonState,
  pid: z.int().nullable(),
  clockSkewMs: z.number().describe('The host’s wall clock minus the hub’s.'),
  machine: z
    .strictObject({ memoryBytes: count, cpus: count })
    .exactOptional()
    .describe('What the machine or the container has; left out where nobody tells.'),
});

const usageGlance = z
  .strictObject({
    cpuPercent: z.number(),
    memoryBytes: z.number(),
    cpu: z.array(z.number().nullable()).describe('30 values of 2 minutes each, oldest first.'),
    memory: z.array(z.number().nullable()),
  })
  .describe('What all its processes used in the last hour; left out where nobody measures.');

export const hostView = shapeOf<HostView>()(
  z
    .strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['agent', 'supervisord']),
      url: z.string().nullable().describe('Without credentials; null for an agent, which dials in.'),
      environment: z.string().nullable(),
      tags: z.array(z.string()),
      disabled: z.boolean(),
      createdAtMs: atMs,
      notes: z.string().exactOptional(),
      maintenance: z
        .strictObject({ untilMs: atMs.nullable(), note: z.string(), by: z.string() })
        .exactOptional()
        .describe('Somebody works on it. `untilMs` null: somebody ends it.'),
      trust: z
        .strictObject({ kind: z.enum(['authority', 'pinned']), sha256: z.string() })
        .exactOptional()
        .describe(
          'Whose certificate an https host is believed by; left out: any authority the system knows.',
        ),
      reachability,
      facts: hostFacts.nullable().describe('Null until it answered once.'),
      lastSeenMs: atMs.nullable(),
      processCount: count,
      usage: usageGlance.exactOptional(),
    })
    .meta({ id: 'Host', description: 'A host with everything live about it.' }),
);

export const beat = z.enum(['running', 'starting', 'stopped', 'crashed', 'backoff', 'fatal', 'exited']);

export const processView = shapeOf<ProcessView>()(
  z
    .strictObject({
      hostId: z.string(),
      group: z.string(),
      name: z.string(),
      state: processState,
      sinceMs: atMs,
      pid: z.int().describe('0: no child.'),
      startedAtMs: atMs,
      stoppedAtMs: atMs,
      exitStatus: z.int().nullable().describe('The exit code, or -1 after a signal; null while unknown.'),
      exitSignal: z.string().nullable().describe('Agent hosts only.'),
      expected: z.boolean().nullable().describe('False when it exited with none of `exitcodes`.'),
      spawnError: z.string(),
      retryAtMs: atMs.nullable(),
      tries: z.int().nullable(),
      startMs: ms.nullable(),
      restarts: count.describe('Times it was started again in the last hour though nobody asked.'),
      flapping: z.boolean(),
      crash: z.strictObject({ atMs, lines: z.array(z.string()) }).nullable(),
      cpuPercent: z.number().nullable().describe('Of one core; null where the source cannot tell.'),
      memoryBytes: z.number().nullable(),
      beats: z
        .array(beat.nullable())
        .describe('24 of an hour each, oldest first: the worst thing seen in it.'),
      fresh: z.boolean().describe('False when its host is unreachable: all of this is as last seen.'),
      hasStdout: z.boolean(),
      hasStderr: z.boolean(),
    })
    .meta({ id: 'Process', description: 'One process as its host last told it.' }),
);

export const fleet = z
  .strictObject({ atMs, hosts: z.array(hostView), processes: z.array(processView) })
  .meta({ id: 'Fleet', description: 'The whole fleet as the hub has it in memory.' });

export const restartSlot = shapeOf<RestartSlot>()(
  z
    .strictObject({
      atMs,
      restarts: count.describe('Times processes were started again though nobody asked.'),
      flapping: z.boolean().describe('One of them for the third time within 20 minutes.'),
    })
    .meta({ id: 'RestartSlot', description: 'The restarts within one half hour.' }),
);
