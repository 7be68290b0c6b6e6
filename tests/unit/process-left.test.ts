import { expect, test } from 'vitest';
import { ledgerText, lineText, readLedgerText } from '../../agent/src/daemon/child-ledger-lines.ts';
import type { MarkedProcess } from '../../agent/src/os/child-mark.ts';
import type { LedgerEntry } from '../../agent/src/process/child-ledger.ts';
import { configDigest } from '../../agent/src/process/config-digest.ts';
import { fateOf, type LeftChild, sortLeft } from '../../agent/src/process/left-children.ts';
import { bench, processConfig } from '../support/process-parts.ts';

const entry = (more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  pid: 100,
  startTicks: 5_000,
  group: 'web',
  name: 'web',
  digest: configDigest(processConfig()),
  stopping: false,
  stopSignal: 15,
  stopWaitMs: 10_000,
  stopAsGroup: false,
  killAsGroup: false,
  ...more,
});

const marked = (pid: number, more: Partial<MarkedProcess> = {}): MarkedProcess => ({
  pid,
  name: 'web',
  isEnded: false,
  parent: 1,
  group: pid,
  session: 7,
  startTicks: 5_000 + pid,
  upForMs: 60_000,
  user: 0,
  mark: { daemonPid: 50, group: 'web', name: 'web', pidFile: '/pid' },
  ...more,
});

const left = (more: Partial<LeftChild> = {}): LeftChild => ({
  ...{ pid: 100, startTicks: 5_000, group: 'web', name: 'web', upForMs: 60_000, mates: [100] },
  entry: entry(),
  ...more,
});

const sorted = (processes: readonly MarkedProcess[], written: readonly LedgerEntry[] = [], lives = true) => {
  const { children, strays } = sortLeft(
    { written: written.map((one) => ({ ...one, lives, upForMs: 1 })), marked: processes },
    () => 0,
  );
  return [children.map(({ pid }) => pid), strays.map(({ pid }) => pid)];
};

test('A2 what is written down is the child, and what it started is neither child nor stray', () => {
  expect(sorted([marked(100), marked(101, { parent: 100, group: 100 })], [entry()])).toEqual([[100], []]);
});

test('A58 without a line the oldest leader of a group is the child', () => {
  const younger = marked(130, { parent: 1 });
  expect(sorted([younger, marked(120), marked(121, { parent: 120, group: 120 })])).toEqual([[120], [130]]);
});

test('A2 of a slot whose child ended meanwhile all that is left are strays', () => {
  expect(sorted([marked(130)], [entry()], false)).toEqual([[], [130]]);
});

test('A2 a mark is not believed of another user, of a session leader, nor of a child that still has its daemon', () => {
  const doubtful = [marked(120, { user: 1000 }), marked(121, { session: 121 }), marked(122, { parent: 50 })];
  expect(sorted(doubtful)).toEqual([[], [120, 121, 122]]);
});

test('A2 the same configuration keeps a child; another one, a listener or a stop under way replaces it; none ends it', () => {
  const same = processConfig();
  expect(fateOf(left(), same, false)).toBe('keep');
  expect(fateOf(left({ entry: null }), same, false)).toBe('keep');
  expect(fateOf(left(), processConfig({ command: '/bin/other' }), false)).toBe('replace');
  expect(fateOf(left(), processConfig({ priority: 1 }), false)).toBe('keep');
  expect(fateOf(left(), processConfig({ kind: 'listener' }), false)).toBe('replace');
  expect(fateOf(left({ entry: entry({ stopping: true }) }), same, false)).toBe('replace');
  expect(fateOf(left(), null, false)).toBe('end');
  expect(fateOf(left(), same, true)).toBe('end');
});

test('A2 a child taken over is told as a start would be, at the age it has', () => {
  const { os, clock, process, changes, states } = withLeft();
  const p = process();
  p.takeOver(left(), 'keep');
  expect(changes()).toEqual(['STOPPED>STARTING', 'STARTING>RUNNING']);
  expect([p.pid, p.startedAtMs, states().at(-1)?.pid]).toEqual([100, clock.wallMs() - 60_000, 100]);
  os.vanish(100);
  expect([p.state, p.exit]).toEqual(['EXITED', { code: null, signal: null }]);
});

test('A2 a child younger than startsecs stays STARTING for the rest of them', () => {
  const { clock, process } = withLeft();
  const p = process({ startMs: 1_000 });
  p.takeOver(left({ upForMs: 400 }), 'keep');
  clock.advance(600);
  expect(p.state).toBe('STARTING');
  clock.advance(1);
  expect(p.state).toBe('RUNNING');
});

test('A2 a replaced child is stopped, and the next one is spawned only when it has ended', () => {
  const { os, clock, process } = withLeft();
  const p = process();
  p.takeOver(left({ entry: entry({ digest: 'other' }) }), 'replace');
  clock.advance(5_000);
  expect([p.state, os.requests.length, os.signals]).toEqual([
    'STOPPING',
    0,
    [{ pid: 100, signal: 'SIGTERM', to: 'child' }],
  ]);
  os.vanish(100);
  clock.advance(0);
  expect([p.state, os.requests.length]).toEqual(['STARTING', 1]);
});

test('A2 a child that ended before it could be taken over is started like any other', () => {
  const { process, changes } = bench();
  const p = process();
  p.takeOver(left(), 'keep');
  expect([p.state, p.startedAtMs, changes()]).toEqual(['STOPPED', 0, []]);
});

test('A58 a state file is read as it was written, and as far as it can be understood', () => {
  const head = { version: 1, boot: 'b' };
  const text = ledgerText(head, [entry(), entry({ pid: 101 })]);
  const more = lineText({ what: 'stopping', pid: 100 }) + lineText({ what: 'ended', pid: 101 });
  expect(readLedgerText(text + more)).toEqual({
    kind: 'read',
    boot: 'b',
    entries: [entry({ stopping: true })],
  });
  expect(readLedgerText(text.slice(0, -5))).toMatchObject({ kind: 'damaged', boot: 'b', entries: [entry()] });
  expect(readLedgerText(`${text}{"what":"spawned","pid":"1"}\n`)).toMatchObject({
    kind: 'damaged',
    says: '1 of its lines cannot be read',
  });
  for (const bad of ['', '\0\0', '[]\n', '{"version":2,"boot":"b"}\n'])
    expect(readLedgerText(bad)).toMatchObject({ kind: 'damaged', entries: [] });
});

test('A35 what children leave behind is looked for once for many ends', () => {
  const { os, clock, lines, ports } = bench();
  os.strays.push({ pid: 9, name: 'sleep', group: 100 }, { pid: 8, name: 'cat', group: 101 });
  ports.strays.ended('web', 100);
  ports.strays.ended('api', 101);
  ports.strays.ended('fine', 102);
  os.strays.pop();
  clock.advance(200);
  expect(lines).toEqual(['WARN stray: web ended and left behind sleep (pid 9)']);
});

function withLeft() {
  const made = bench();
  made.os.left.add(100);
  return made;
}
