import type { Config, Problem } from './config.ts';
import { shownOrigin } from './findings.ts';
import type { IniDocument, Origin } from './ini-document.ts';
import { knownOptions, knownSections } from './known-options.ts';
import { type LoadRequest, loadAll } from './load.ts';
import { nearestHint } from './nearest-name.ts';
import { splitCommand } from './split-command.ts';

/** Everything a configuration's author should know before starting a daemon with it. */
export interface CheckReport {
  /** What stops a daemon from starting; the first is what it would print. */
  readonly problems: readonly Problem[];
  /** What it accepts although it is hardly meant so. */
  readonly warnings: readonly Problem[];
  /** 0, or 2 with any problem. */
  readonly exitStatus: 0 | 2;
}

/** Reads a configuration as the daemon would and says all that is wrong or doubtful. */
export function checkConfig(request: LoadRequest): CheckReport {
  const { config, problems, document } = loadAll(request);
  const doubts = config.notices
    .filter(({ level }) => level === 'warn')
    .map(({ text }) => ({ where: request.path, says: text }));
  const warnings = [
    ...doubtfulNames(document),
    ...repetitions(document),
    ...unstartable(config, document),
    ...doubts,
  ];
  return { problems, warnings: withoutRepeats(warnings), exitStatus: problems.length === 0 ? 0 : 2 };
}

/** One line per problem and warning, each in the order of the files, its hint below it, and a closing count. */
export function checkLines({ problems, warnings }: CheckReport): string[] {
  return [
    ...inFileOrder(problems).flatMap((problem) => shown('error', problem)),
    ...inFileOrder(warnings).flatMap((warning) => shown('warning', warning)),
    problems.length + warnings.length === 0
      ? 'no problems found'
      : `${counted(problems.length, 'error')}, ${counted(warnings.length, 'warning')}`,
  ];
}

/** By line within a file; files stay as they come, and what has no line comes first in its own. */
function inFileOrder(problems: readonly Problem[]): readonly Problem[] {
  const placed = problems.map((problem) => {
    const [, file = problem.where, line = '0'] = /^(.*):(\d+)$/s.exec(problem.where) ?? [];
    return { problem, file, line: Number(line) };
  });
  const files = [...new Set(placed.map(({ file }) => file))];
  return placed
    .toSorted((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line)
    .map(({ problem }) => problem);
}

function shown(kind: 'error' | 'warning', { where, says, hint }: Problem): string[] {
  const [first = '', ...more] = says.split('\n');
  const below = [...more, ...(hint === undefined ? [] : [`hint: ${hint}`])];
  return [`${where}: ${kind}: ${first}`, ...below.map((line) => `    ${line.trimStart()}`)];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function doubtfulNames(document: IniDocument): Problem[] {
  return [...document.sections.values()].flatMap(({ name, origin, options }) => {
    const known = knownOptions(name);
    if (known === null) return [unknownSection(name, origin)];
    if (known === 'any') return [];
    return [...options]
      .filter(([option]) => !known.includes(option) && !document.defaults.has(option))
      .map(([option, { origin: at }]) => unknownOption(name, option, at, known));
  });
}

function unknownSection(name: string, origin: Origin): Problem {
  const kindTyped = name.includes(':') ? name.slice(0, name.indexOf(':') + 1) : name;
  return {
    where: shownOrigin(origin),
    says: `unknown section [${name}] is ignored`,
    ...nearestHint(kindTyped, knownSections()),
  };
}

function unknownOption(section: string, option: string, origin: Origin, known: readonly string[]): Problem {
  const says = `unknown option ${option} in [${section}] is ignored`;
  return { where: shownOrigin(origin), says, ...nearestHint(option, known) };
}

function repetitions(document: IniDocument): Problem[] {
  return document.repetitions.map(({ section, option, earlier, later }) => ({
    where: shownOrigin(later),
    says: `${option} in [${section}] replaces the one at ${shownOrigin(earlier)}`,
  }));
}

/**
 * Commands that no shell-word splitting can make sense of: the program would never start. One that is empty
 * although something is written there could not be expanded, which is a problem of its own.
 */
function unstartable({ groups }: Config, document: IniDocument): Problem[] {
  return groups
    .flatMap(({ processes }) => processes)
    .filter(({ kind, program, command }) => {
      const written = document.option(`${SECTION_OF[kind]}:${program}`, 'command');
      return written !== undefined && (command !== '' || written.value.trim() === '');
    })
    .flatMap(({ command, where }) => {
      const words = splitCommand(command);
      return words.ok ? [] : [{ where, ...words.fault }];
    });
}

const SECTION_OF = { program: 'program', fcgi: 'fcgi-program', listener: 'eventlistener' } as const;

function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.where} ${problem.says}`, problem])).values()];
}
