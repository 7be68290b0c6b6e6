import { FAULT_CODES } from '@fleetvisor/agent/protocol';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';
import { type HostLink, LinkError } from '../links/host-link.ts';
import { randomId } from '../store/secret.ts';

/** What became of text for a process: `refused` says what stood against it, `unknown` that it may have come through. */
export type InputOutcome =
  | { readonly kind: 'sent'; readonly bytes: number }
  | { readonly kind: 'refused' | 'away' | 'unknown'; readonly says: string };

const WITHIN_MS = 5_000;
/** XML has no words for these, and supervisord takes nothing else. */
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** Sends text to the stdin of a process, once; as UTF-8, nothing is added to it. */
export async function sendInput(
  { process, host }: { readonly process: ProcessView; readonly host: HostView },
  text: string,
  link: HostLink | null,
): Promise<InputOutcome> {
  const name = `${process.group}:${process.name}`;
  if (link === null || !process.fresh)
    return { kind: 'away', says: `${host.name} does not answer, so nothing was sent` };
  if (process.pid === 0)
    return { kind: 'refused', says: `${name} has no child that could read: it is ${process.state}` };
  if (host.kind === 'supervisord' && NO_XML.test(text))
    return { kind: 'refused', says: 'it holds control characters, which a supervisord cannot be sent' };
  try {
    const call = { id: randomId('i'), method: 'supervisor.sendProcessStdin', params: [name, text] };
    await link.call({ ...call, deadlineMs: WITHIN_MS });
    return { kind: 'sent', bytes: Buffer.byteLength(text) };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return outcomeOf(error, name);
  }
}

const FAULT_WORDS: Readonly<Record<number, (name: string) => string>> = {
  [FAULT_CODES.BAD_NAME]: (name) => `there is no process ${name} any more`,
  [FAULT_CODES.NOT_RUNNING]: (name) => `${name} has no child that could read`,
  [FAULT_CODES.NO_FILE]: (name) => `${name} has closed its stdin`,
};

function outcomeOf({ kind, faultCode, message }: LinkError, name: string): InputOutcome {
  const words = faultCode === null ? undefined : FAULT_WORDS[faultCode];
  if (kind === 'fault' || kind === 'vetoed') return { kind: 'refused', says: words?.(name) ?? message };
  return { kind: kind === 'unreachable' || kind === 'cancelled' ? 'away' : 'unknown', says: message };
}
