import type { LedgerEntry } from '../process/child-ledger.ts';

/** What one line of the state file tells. */
export type LedgerLine =
  | ({ readonly what: 'spawned' } & LedgerEntry)
  | { readonly what: 'stopping' | 'ended'; readonly pid: number };

/** The first line. Start times count from a boot, so lines of another one are of no use. */
export interface LedgerHead {
  readonly version: number;
  readonly boot: string;
}

export const LEDGER_VERSION = 1;

export type LedgerText =
  | { readonly kind: 'read'; readonly boot: string; readonly entries: readonly LedgerEntry[] }
  /** `says` is why; what could be understood is there all the same. */
  | {
      readonly kind: 'damaged';
      readonly says: string;
      readonly boot: string;
      readonly entries: readonly LedgerEntry[];
    };

export function ledgerText(head: LedgerHead, entries: Iterable<LedgerEntry>): string {
  return [head, ...[...entries].map((entry): LedgerLine => ({ what: 'spawned', ...entry }))]
    .map(lineText)
    .join('');
}

export function lineText(line: LedgerLine | LedgerHead): string {
  return `${JSON.stringify(line)}\n`;
}

/** Reads a state file as far as it can be understood; its last line may be cut by a full disk. */
export function readLedgerText(text: string): LedgerText {
  const [first = '', ...rest] = text.split('\n');
  const head = readHead(parsed(first));
  const damaged = (says: string) => ({ kind: 'damaged' as const, says, boot: '', entries: [] });
  if (head === null) return damaged('its first line is not ours');
  if (head.version > LEDGER_VERSION) return damaged(`its version ${head.version} is from the future`);
  const entries = new Map<number, LedgerEntry>();
  let bad = rest.at(-1) === '' ? 0 : 1;
  for (const line of rest.slice(0, -1)) bad += apply(readLine(parsed(line)), entries) ? 0 : 1;
  const read = { boot: head.boot, entries: [...entries.values()] };
  return bad === 0
    ? { kind: 'read', ...read }
    : { kind: 'damaged', ...read, says: `${bad} of its lines cannot be read` };
}

function apply(line: LedgerLine | null, entries: Map<number, LedgerEntry>): boolean {
  if (line === null) return false;
  if (line.what === 'spawned') {
    const { what: _, ...entry } = line;
    entries.set(line.pid, entry);
  } else if (line.what === 'ended') entries.delete(line.pid);
  else {
    const entry = entries.get(line.pid);
    if (entry !== undefined) entries.set(line.pid, { ...entry, stopping: true });
  }
  return true;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {}; // not JSON: none of our lines
  }
}

function readHead({ version, boot }: Readonly<Record<string, unknown>>): LedgerHead | null {
  return typeof version === 'number' && typeof boot === 'string' ? { version, boot } : null;
}

function readLine(line: Readonly<Record<string, unknown>>): LedgerLine | null {
  const { what, pid } = line;
  if (!isPid(pid)) return null;
  if (what === 'stopping' || what === 'ended') return { what, pid };
  const { startTicks, group, name, digest, stopping, stopSignal, stopWaitMs, stopAsGroup, killAsGroup } =
    line;
  if (what !== 'spawned' || !isCount(startTicks) || !isCount(stopSignal) || !isCount(stopWaitMs)) return null;
  if (typeof group !== 'string' || typeof name !== 'string' || typeof digest !== 'string') return null;
  const entry = { pid, startTicks, group, name, digest, stopSignal, stopWaitMs };
  return {
    what,
    ...entry,
    stopping: stopping === true,
    stopAsGroup: stopAsGroup === true,
    killAsGroup: killAsGroup === true,
  };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0;
const isPid = (value: unknown): value is number => isCount(value) && Number.isInteger(value) && value > 1;
