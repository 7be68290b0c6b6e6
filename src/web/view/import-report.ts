import type { ImportReport } from '../../api/contract.ts';
import { phrase, remarkWords } from './problem-words.ts';
import type { Reader } from './reader.ts';

/** What became of each row of a list of hosts, in the reader's language. */
export function importView(report: ImportReport, { say, language }: Pick<Reader, 'say' | 'language'>) {
  return {
    ...report,
    rows: report.rows.map((row) => ({
      ...row,
      word: say(`import.${row.result}`),
      says: remarkWords(row.says, language),
    })),
    problems: report.problems.map((problem) => ({ ...problem, says: phrase(problem.says, language) })),
  };
}
