import type { Channel } from '../protocol/info.ts';
import {
  type Call,
  type Challenge,
  type FormerHubKey,
  type HelloAnswer,
  type HelloRefusal,
  type TailOpen,
  UPLINK_LIMITS,
} from '../protocol/uplink.ts';

/** What the hub sent, checked: the value, or null for anything this agent does not understand. */
type Checked<T> = T | null;
type Members = Readonly<Record<string, unknown>>;

const LONGEST_KEY = 1_024;
const MOST_PARAMS = 16;
const LARGEST_CREDIT = 16 * 1024 * 1024;

export function checkChallenge(raw: unknown): Checked<Challenge> {
  const { nonce, newest, oldest, hubKey, hubSignature } = members(raw);
  if (!isText(nonce, LONGEST_KEY) || !isText(hubKey, LONGEST_KEY) || !isText(hubSignature, LONGEST_KEY))
    return null;
  if (!isWhole(newest) || !isWhole(oldest)) return null;
  return { nonce, newest, oldest, hubKey, hubSignature, former: formerKeys(raw) };
}

/** Those that can be read: one that cannot vouches for nothing. */
function formerKeys(raw: unknown): FormerHubKey[] {
  const { former } = members(raw);
  if (!Array.isArray(former)) return [];
  return former.slice(0, UPLINK_LIMITS.formerHubKeys).flatMap((each) => {
    const { hubKey, signature } = members(each);
    return isText(hubKey, LONGEST_KEY) && isText(signature, LONGEST_KEY) ? [{ hubKey, signature }] : [];
  });
}

export function checkHelloAnswer(raw: unknown): Checked<HelloAnswer> {
  const answer = members(raw);
  if (answer.kind === 'refused') {
    if (!isText(answer.reason, 100) || !isText(answer.says, UPLINK_LIMITS.textCharacters)) return null;
    // a reason from a newer hub is handled as any other: it is shown, and tried again later
    return { kind: 'refused', reason: answer.reason as HelloRefusal, says: answer.says };
  }
  const { kind, hostId, resumeAfter, snapshot, hubUptimeMs } = answer;
  if (kind !== 'welcome' || !isText(hostId, 200) || !isNumber(hubUptimeMs)) return null;
  if (resumeAfter !== null && !isWhole(resumeAfter)) return null;
  return { kind, hostId, resumeAfter, snapshot: snapshot === true, hubUptimeMs };
}

export function checkCall(raw: unknown): Checked<Call> {
  const { id, method, params, deadlineMs, sentAtMs } = members(raw);
  if (!isText(id, 200) || !isText(method, 200) || !isNumber(deadlineMs) || !isNumber(sentAtMs)) return null;
  if (!Array.isArray(params) || params.length > MOST_PARAMS) return null;
  return { id, method, params, deadlineMs, sentAtMs };
}

export function checkTailOpen(raw: unknown): Checked<TailOpen> {
  const { tailId, group, process, channel, lastBytes, fromOffset, credit, follow } = members(raw);
  if (!isText(tailId, 200) || !isText(group, 1_024) || !isText(process, 1_024) || !isChannel(channel))
    return null;
  if (!isWhole(lastBytes) || !isWhole(credit) || credit > LARGEST_CREDIT || typeof follow !== 'boolean')
    return null;
  const open = { tailId, group, process, channel, lastBytes, credit, follow };
  if (fromOffset === undefined) return open;
  return isWhole(fromOffset) ? { ...open, fromOffset } : null;
}

export function checkCredit(raw: unknown): Checked<{ readonly tailId: string; readonly bytes: number }> {
  const { tailId, bytes } = members(raw);
  return isText(tailId, 200) && isWhole(bytes) && bytes <= LARGEST_CREDIT ? { tailId, bytes } : null;
}

export function checkTailId(raw: unknown): Checked<string> {
  const { tailId } = members(raw);
  return isText(tailId, 200) ? tailId : null;
}

export function checkSeq(raw: unknown): Checked<number> {
  const { seq } = members(raw);
  return isWhole(seq) ? seq : null;
}

/** The way to answer, where the hub asked for an answer. */
export function checkAnswer(raw: unknown): (answer: unknown) => void {
  return typeof raw === 'function' ? (answer) => raw(answer) : () => {};
}

function members(raw: unknown): Members {
  return typeof raw === 'object' && raw !== null ? (raw as Members) : {};
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isChannel(value: unknown): value is Channel {
  return value === 'stdout' || value === 'stderr';
}
