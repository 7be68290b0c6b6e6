import type { LogLevel, Notice, Problem } from './config.ts';
import type { Origin } from './ini-document.ts';
import type { ValueFault } from './reading.ts';

/** What one reading of a configuration found wrong or worth saying, in the order it was met. */
export class Findings {
  readonly problems: Problem[] = [];
  private readonly notices: Notice[] = [];
  private readonly seen = new Set<string>();

  /** Keeps a problem once, however often the same option is read. */
  add(problem: Problem): void {
    const key = `${problem.where} ${problem.says}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.problems.push(problem);
  }

  complain(origin: Origin, { says, hint }: ValueFault): void {
    this.add({ where: shownOrigin(origin), says, ...(hint === undefined ? {} : { hint }) });
  }

  note(level: LogLevel, text: string): void {
    this.notices.push({ level, text });
  }

  /** Warnings before infos, as supervisord logs them. */
  sortedNotices(): readonly Notice[] {
    const of = (level: LogLevel) => this.notices.filter((notice) => notice.level === level);
    return [...of('critical'), ...of('warn'), ...of('info')];
  }
}

export function shownOrigin({ file, line }: Origin): string {
  return `${file}:${line}`;
}
