import type { TailLine } from '../api/contract.ts';
import type { CliIo } from './io.ts';
import { neutralised, oneLine } from './terminal-text.ts';

const SOURCE_COLOURS = [36, 35, 34, 32, 96, 95, 94, 92];

/**
 * Lines of logs as text: with several sources each begins with its own. On a terminal escape sequences in a line
 * are left out unless `raw`; a pipe gets the line as it is.
 */
export function tailLineText(
  io: CliIo,
  guard: 'guarded' | 'raw',
): (line: TailLine, sources: number) => string {
  const coloured = io.outIsTerminal && !io.env.NO_COLOR;
  const seen = new Map<string, number>();
  const prefix = (line: TailLine): string => {
    const name = oneLine(line.source) + (line.channel === 'stderr' ? ' stderr' : '');
    const at = seen.get(line.source) ?? seen.size;
    seen.set(line.source, at);
    const colour = SOURCE_COLOURS[at % SOURCE_COLOURS.length];
    return coloured ? `\x1b[${colour}m${name}\x1b[0m | ` : `${name} | `;
  };
  return (line, sources) => {
    if (line.kind === 'note') return `${prefix(line)}-- ${oneLine(line.says)} --`;
    const text = io.outIsTerminal && guard === 'guarded' ? neutralised(line.text) : line.text;
    return sources > 1 ? prefix(line) + text : text;
  };
}
