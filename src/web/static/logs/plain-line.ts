import type { TailLine } from '../../../api/contract.ts';
import { withoutSequences } from '../../../fleet/terminal-codes.ts';

/** The line without its colours, for the filter and the download. */
export function plainText(line: TailLine): string {
  return line.kind === 'note' ? line.says : withoutSequences(line.text);
}
