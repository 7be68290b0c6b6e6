import type { XmlRpcValue } from '../xmlrpc/index.ts';
import { StrangeAnswer } from './server-faults.ts';

type Struct = { readonly [member: string]: XmlRpcValue };

/** What `status`, `pid` and completion read of a process; `raw` is all the server said. */
export interface ProcessRow {
  readonly name: string;
  readonly group: string;
  readonly state: number;
  readonly stateName: string;
  readonly description: string;
  readonly pid: number;
  readonly raw: Struct;
}

/** One line of a batch: which process, and the fault number it ended with (80 is success). */
export interface ResultRow {
  readonly name: string;
  readonly group: string;
  readonly status: number;
  readonly description: string;
}

/** Something that outlived the child of a process. */
export interface StrayRow {
  readonly group: string;
  readonly name: string;
  readonly pid: number;
  readonly command: string;
  readonly startedAt: number;
  readonly raw: Struct;
}

export interface ConfigRow {
  readonly name: string;
  readonly group: string;
  readonly inUse: boolean;
  readonly autostart: boolean;
  readonly groupPriority: number;
  readonly processPriority: number;
  readonly raw: Struct;
}

/** Every reader throws StrangeAnswer for a shape no supervisor sends. */
export function processRow(value: XmlRpcValue): ProcessRow {
  const raw = struct(value);
  return {
    name: text(raw, 'name'),
    group: text(raw, 'group'),
    state: number(raw, 'state'),
    stateName: text(raw, 'statename'),
    description: text(raw, 'description'),
    pid: number(raw, 'pid'),
    raw,
  };
}

export function resultRow(value: XmlRpcValue): ResultRow {
  const raw = struct(value);
  return {
    name: text(raw, 'name'),
    group: text(raw, 'group'),
    status: number(raw, 'status'),
    description: text(raw, 'description'),
  };
}

export function configRow(value: XmlRpcValue): ConfigRow {
  const raw = struct(value);
  return {
    name: text(raw, 'name'),
    group: text(raw, 'group'),
    inUse: truth(raw.inuse),
    autostart: truth(raw.autostart),
    groupPriority: number(raw, 'group_prio'),
    processPriority: number(raw, 'process_prio'),
    raw,
  };
}

export function strayRow(value: XmlRpcValue): StrayRow {
  const raw = struct(value);
  return {
    group: text(raw, 'group'),
    name: text(raw, 'name'),
    pid: number(raw, 'pid'),
    command: text(raw, 'command'),
    startedAt: number(raw, 'start'),
    raw,
  };
}

/** Names of the groups a reread found `[added, changed, removed]`. */
export function configChanges(value: XmlRpcValue): {
  added: string[];
  changed: string[];
  removed: string[];
} {
  const [added = [], changed = [], removed = []] = list(list(value)[0] ?? []).map((names) =>
    list(names).map(plainText),
  );
  return { added, changed, removed };
}

export function list(value: XmlRpcValue): readonly XmlRpcValue[] {
  if (Array.isArray(value)) return value;
  throw new StrangeAnswer('expected a list');
}

export function plainText(value: XmlRpcValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new StrangeAnswer('expected text');
}

function struct(value: XmlRpcValue): Struct {
  if (value !== null && typeof value === 'object' && !isList(value)) return value;
  throw new StrangeAnswer('expected a struct');
}

function isList(value: XmlRpcValue): value is readonly XmlRpcValue[] {
  return Array.isArray(value);
}

/** supervisord sends a program called `7` as text, other servers as a number. */
function text(raw: Struct, member: string): string {
  const value = raw[member];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new StrangeAnswer(`expected text in ${member}`);
}

function number(raw: Struct, member: string): number {
  const value = raw[member];
  if (typeof value === 'number') return value;
  throw new StrangeAnswer(`expected a number in ${member}`);
}

function truth(value: XmlRpcValue | undefined): boolean {
  return value === true || value === 1;
}
