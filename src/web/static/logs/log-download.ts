import type { LogState } from '../../view/log-state.ts';
import type { Reader } from '../../view/reader.ts';
import { sentence } from '../../view/sentence.ts';
import type { Kept } from './log-memory.ts';
import { plainText } from './plain-line.ts';

/** Saves the lines of a view as text, with time and source before each. */
export function saveLines(lines: readonly Kept[], { targets }: LogState, reader: Reader): void {
  const text = lines.map(({ line }) => {
    const at = new Date(line.atMs).toISOString();
    return line.kind === 'note'
      ? `${at} ${line.source} # ${sentence(line.said, line.says, reader)}`
      : `${at} ${line.source} ${line.channel} ${plainText(line)}`;
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${text.join('\n')}\n`], { type: 'text/plain' }));
  link.download = `${(targets[0] ?? 'log').replace(/[^\w.-]+/g, '_')}.log`;
  link.click();
  URL.revokeObjectURL(link.href);
}
