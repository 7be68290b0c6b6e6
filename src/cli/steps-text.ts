import type { ConnectionTest } from '../api/contract.ts';
import { type Cell, table } from './table.ts';
import { oneLine } from './terminal-text.ts';

const MARKS = { done: 'ok', failed: 'FAILED', skipped: '-' } as const;

/** A connection test as rows, and below them what to mend. */
export function stepLines({ steps, certificateSha256, ok }: ConnectionTest): string[] {
  const rows: Cell[][] = steps.map(({ step, result, ms, says }) => [
    { text: step },
    { text: MARKS[result] },
    { text: ms === null ? '-' : `${ms} ms` },
    { text: oneLine(says) },
  ]);
  const mend = steps.find(({ result }) => result === 'failed')?.mend ?? '';
  const pin =
    !ok &&
    certificateSha256 !== null &&
    steps.some(({ step, result }) => step === 'tls' && result === 'failed')
      ? [`Its certificate has the SHA-256 ${certificateSha256} (--pin believes exactly that one).`]
      : [];
  return [...table(rows), ...(mend === '' ? [] : [oneLine(mend)]), ...pin];
}
