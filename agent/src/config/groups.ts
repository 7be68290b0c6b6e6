import type { GroupConfig, ProcessConfig } from './config.ts';
import { Names } from './expansion.ts';
import { readFcgiSocket } from './fcgi-socket.ts';
import { Findings } from './findings.ts';
import { readPoolOptions } from './listener-section.ts';
import type { Loading } from './loading.ts';
import { nearestHint } from './nearest-name.ts';
import { readProgram } from './program-section.ts';
import { byCodePoint } from './python-text.ts';
import { SectionReader } from './section-reader.ts';
import { integer, listOfStrings, processOrGroupName } from './values.ts';

/**
 * All groups in start order. Sections are read in supervisord's order: groups, programs, listeners, fcgi programs.
 * Contract: CFG-197 to CFG-222, PROC-014.
 */
export function readGroups(loading: Loading): GroupConfig[] {
  const sections = [...loading.document.sections.keys()];
  const withPrefix = (prefix: string) => sections.filter((section) => section.startsWith(prefix));
  const taken = new Set<string>();
  const mixed = withPrefix('group:').map((section) => readMixedGroup(section, loading, taken));
  const free = (prefix: string) => withPrefix(prefix).filter((section) => !taken.has(section));
  const groups = [
    ...mixed,
    ...free('program:').map((section) => readProgramGroup(section, loading)),
    ...withPrefix('eventlistener:').map((section) => readListenerPool(section, loading)),
    ...free('fcgi-program:').map((section) => readFcgiGroup(section, loading)),
  ];
  return firstOfEachName(groups.sort((a, b) => a.priority - b.priority || byCodePoint(a.name, b.name)));
}

/** `[group:x]`; what its programs name is marked as taken. Contract: CFG-198 to CFG-209. */
function readMixedGroup(section: string, loading: Loading, taken: Set<string>): GroupConfig {
  const reader = plainReader(section, loading);
  const name = reader.take('', processOrGroupName(suffixOf(section)), suffixOf(section));
  const members = listOfStrings(reader.text('programs') ?? '');
  const priority = reader.value('priority', integer, 999);
  const processes: ProcessConfig[] = [];
  let speaker = section; // supervisord names the member before the bad one
  for (const member of members) {
    const found = memberSection(member, speaker, reader, loading);
    if (found === null) continue;
    speaker = found;
    taken.add(found);
    processes.push(...readMember(found, name, loading));
  }
  return { kind: 'group', name, priority, processes: lastOfEachName(processes) };
}

function memberSection(
  member: string,
  speaker: string,
  reader: SectionReader,
  { document }: Loading,
): string | null {
  const program = `program:${member}`;
  const fcgi = `fcgi-program:${member}`;
  const isProgram = document.sections.has(program);
  const isFcgi = document.sections.has(fcgi);
  if (isProgram && isFcgi) {
    const says = `[${speaker}] name ${member} is ambiguous (exists as program and fcgi-program)`;
    reader.complain('programs', { says, hint: 'rename one of the two' });
    return null;
  }
  if (isProgram || isFcgi) return isProgram ? program : fcgi;
  const says = `[${speaker}] names unknown program or fcgi-program ${member}`;
  const known = [...document.sections.keys()]
    .filter((name) => /^(?:fcgi-)?program:/.test(name))
    .map(suffixOf);
  const hint =
    member === '' ? { hint: 'remove the empty name (a comma too many)' } : nearestHint(member, known);
  reader.complain('programs', { says, ...hint });
  return null;
}

function readMember(section: string, group: string, loading: Loading): ProcessConfig[] {
  if (section.startsWith('program:')) {
    return readProgram({ section, group, kind: 'program', fcgiSocket: null }, loading);
  }
  return readProgram({ section, group, kind: 'fcgi', fcgiSocket: memberSocket(section, loading) }, loading);
}

/** supervisord never looks at a member's socket, so a fault in it is a warning, not a problem. Contract: CFG-208. */
function memberSocket(section: string, loading: Loading): ReturnType<typeof readFcgiSocket> {
  const findings = new Findings();
  const socket = readFcgiSocket(section, suffixOf(section), { ...loading, findings });
  for (const { says } of findings.problems)
    loading.findings.note('warn', `${says}; its processes get no shared socket`);
  return findings.problems.length === 0 ? socket : null;
}

function readProgramGroup(section: string, loading: Loading): GroupConfig {
  const { name, priority } = readNameAndPriority(section, loading);
  const processes = readProgram({ section, group: name, kind: 'program', fcgiSocket: null }, loading);
  return { kind: 'group', name, priority, processes: lastOfEachName(processes) };
}

function readFcgiGroup(section: string, loading: Loading): GroupConfig {
  const { name, priority } = readNameAndPriority(section, loading);
  const fcgiSocket = readFcgiSocket(section, name, loading);
  const processes = readProgram({ section, group: name, kind: 'fcgi', fcgiSocket }, loading);
  const socket = fcgiSocket ?? { url: '', backlog: null, mode: null, owner: null };
  return { kind: 'fcgi', name, priority, socket, processes: lastOfEachName(processes) };
}

function readListenerPool(section: string, loading: Loading): GroupConfig {
  const name = suffixOf(section);
  const pool = readPoolOptions(plainReader(section, loading));
  const processes = readProgram({ section, group: name, kind: 'listener', fcgiSocket: null }, loading);
  return { kind: 'listeners', name, ...pool, processes: lastOfEachName(processes) };
}

function readNameAndPriority(section: string, loading: Loading): { name: string; priority: number } {
  const reader = plainReader(section, loading);
  const name = reader.take('', processOrGroupName(suffixOf(section)), suffixOf(section));
  return { name, priority: reader.value('priority', integer, 999) };
}

function plainReader(
  section: string,
  { document, findings, environmentNames, here }: Loading,
): SectionReader {
  return new SectionReader(section, document, findings, new Names(environmentNames, { here }));
}

function suffixOf(section: string): string {
  return section.slice(section.indexOf(':') + 1);
}

/** A process named twice in a group is one process: the later configuration in the earlier place. Contract: CFG-205. */
function lastOfEachName(processes: readonly ProcessConfig[]): ProcessConfig[] {
  return [...new Map(processes.map((process) => [process.name, process])).values()];
}

/** Of two groups with one name the first in start order is the one that runs. */
function firstOfEachName(groups: readonly GroupConfig[]): GroupConfig[] {
  const seen = new Set<string>();
  return groups.filter(({ name }) => !seen.has(name) && seen.add(name));
}
