import { readFileSync, statSync } from 'node:fs';
import { parseGrant } from '../fleet/grant-text.ts';
import type { Problem } from '../fleet/problem.ts';
import { grantProblem } from './grant-problem.ts';
import type { Grant } from './rights.ts';

/** What one group gives its members. A group may stand in several lines. */
export interface GroupRole {
  readonly group: string;
  readonly grant: Grant;
}

export type ReadGroupRoles =
  | { readonly ok: true; readonly rows: readonly GroupRole[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads lines of `GROUP -> GRANT`; `#` begins a remark where a line does. Every problem with its line. */
export function readGroupRoles(path: string, text: string): ReadGroupRoles {
  const rows: GroupRole[] = [];
  const problems: Problem[] = [];
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const row = rowOf(line);
    if ('says' in row) problems.push({ where: `${path}:${at + 1}`, says: row.says });
    else rows.push(row);
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rows };
}

function rowOf(line: string): GroupRole | { readonly says: string } {
  const [, group, text] = /^(.+?)\s+->\s+(.+)$/.exec(line) ?? [];
  if (group === undefined || text === undefined) return { says: 'is not of the form GROUP -> ROLE@SELECTOR' };
  const parsed = parseGrant(text);
  if (!parsed.ok) return { says: `${parsed.problems[0].says}: ${parsed.problems[0].hint ?? ''}` };
  const problem = grantProblem([parsed.value]);
  return problem === null ? { group, grant: parsed.value } : { says: problem.says };
}

/** What each group gives, as its file says now: a change counts from the next sign-in, a broken one not at all. */
export class GroupRoles {
  readonly #path: string;
  readonly #broken: (problems: readonly Problem[]) => void;
  #rows: readonly GroupRole[] = [];
  /** Of the file as it was taken: when it was written, and how large it is. */
  #taken = '';

  /** `broken` hears of a file that cannot be read; what it said before goes on counting. */
  constructor(path: string, broken: (problems: readonly Problem[]) => void) {
    this.#path = path;
    this.#broken = broken;
  }

  /** Reads the file. Returns what is wrong with it; none: it counts from now on. */
  load(): readonly Problem[] {
    try {
      const { mtimeMs, size } = statSync(this.#path);
      const found = `${mtimeMs} ${size}`;
      if (found === this.#taken) return [];
      const read = readGroupRoles(this.#path, readFileSync(this.#path, 'utf8'));
      if (!read.ok) return read.problems;
      this.#rows = read.rows;
      this.#taken = found;
      return [];
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return [{ where: this.#path, says: `cannot be read: ${code}` }];
    }
  }

  /** What these groups give together, each grant once. `names`: whether the case of a group's name matters. */
  grantsOf(groups: readonly string[], names: 'exact' | 'any case'): readonly Grant[] {
    const problems = this.load();
    if (problems.length > 0) this.#broken(problems);
    const fold = (name: string): string => (names === 'exact' ? name : name.toLowerCase());
    const has = new Set(groups.map(fold));
    const grants = this.#rows.filter(({ group }) => has.has(fold(group))).map(({ grant }) => grant);
    return [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()];
  }
}
