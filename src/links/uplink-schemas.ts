import type { DaemonState, ProcessState } from '@fleetvisor/agent/protocol';
import { DAEMON_STATE_CODES, PROCESS_STATE_CODES, UPLINK_LIMITS } from '@fleetvisor/agent/protocol';
import { z } from 'zod';

/** What agents may send: anything else ends the connection. An agent is not believed more than a stranger. */
const text = z.string().max(UPLINK_LIMITS.textCharacters);
const name = z.string().min(1).max(1_024);
const whole = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const key = z.string().min(1).max(1_024);
const processState = z.enum(Object.keys(PROCESS_STATE_CODES) as [ProcessState, ...ProcessState[]]);
const daemonState = z.enum(Object.keys(DAEMON_STATE_CODES) as [DaemonState, ...DaemonState[]]);

export const handshakeSchema = z.object({ nonce: key });

export const helloSchema = z.object({
  version: whole,
  publicKey: key,
  signature: key,
  joinToken: key.optional(),
  hostName: z.string().min(1).max(255),
  agentVersion: z.string().max(100),
  capabilities: z.array(z.string().max(100)).max(100),
  allow: z.enum(['observe', 'control', 'configure']),
  epoch: key,
  wallMs: z.number(),
});

const uplinkProcess = z.object({
  name,
  group: name,
  state: processState,
  sinceMs: z.number(),
  pid: whole,
  startedAtMs: z.number(),
  stoppedAtMs: z.number(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().max(20).nullable(),
  expected: z.boolean(),
  spawnError: text,
  tries: whole,
  retryInMs: z.number().nullable(),
  startMs: z.number(),
  stopWaitMs: z.number(),
  hasStdout: z.boolean(),
  hasStderr: z.boolean(),
});

export const snapshotSchema = z.object({
  epoch: key,
  seq: whole,
  wallMs: z.number(),
  identifier: text,
  supervisorVersion: z.string().max(100),
  daemonState,
  pid: whole,
  machine: z.object({ memoryBytes: whole, cpus: whole }).optional(),
  processes: z.array(uplinkProcess).max(UPLINK_LIMITS.processesPerSnapshot),
  more: z.boolean(),
});

const uplinkEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('process'),
    process: uplinkProcess,
    from: processState.nullable(),
    lastLines: z.array(z.string().max(UPLINK_LIMITS.lastLinesBytes)).max(UPLINK_LIMITS.lastLines).optional(),
  }),
  z.object({ kind: z.literal('group-removed'), group: name }),
  z.object({ kind: z.literal('daemon'), state: daemonState }),
  z.object({
    kind: z.literal('metrics'),
    of: z.record(z.string().max(2_050), z.tuple([z.number(), z.number()])),
  }),
]);

export const eventsSchema = z
  .array(z.object({ seq: whole, wallMs: z.number(), event: uplinkEvent }))
  .max(UPLINK_LIMITS.eventsPerMessage);

export const acceptedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted') }),
  z.object({ kind: z.literal('vetoed'), says: text }),
]);

export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ id: key, kind: z.literal('done'), value: z.unknown() }),
  z.object({
    id: key,
    kind: z.literal('fault'),
    faultCode: z.number(),
    faultString: z.string().max(64 * 1024),
  }),
  z.object({ id: key, kind: z.literal('expired') }),
]);

export const openedSchema = z.object({ ok: z.boolean(), says: text.optional() });

export const tailPartSchema = z.discriminatedUnion('kind', [
  z.object({ tailId: key, kind: z.literal('bytes'), data: z.base64().max(64 * 1024), endOffset: whole }),
  z.object({ tailId: key, kind: z.enum(['truncated', 'replaced']) }),
  z.object({ tailId: key, kind: z.literal('skipped'), bytes: whole }),
  z.object({ tailId: key, kind: z.literal('end'), says: text }),
]);

export type CheckedHello = z.infer<typeof helloSchema>;
export type CheckedSnapshot = z.infer<typeof snapshotSchema>;
export type CheckedEvents = z.infer<typeof eventsSchema>;
export type CheckedEvent = CheckedEvents[number];
export type CheckedProcess = z.infer<typeof uplinkProcess>;
export type CheckedOutcome = z.infer<typeof outcomeSchema>;
export type CheckedTailPart = z.infer<typeof tailPartSchema>;
