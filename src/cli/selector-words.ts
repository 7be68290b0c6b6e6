import { parseHostSelector } from '../fleet/host-selector.ts';
import { parseSelector } from '../fleet/selector.ts';
import { CliFailure } from './failure.ts';

/**
 * The words of a command line as one selector: `group web`, or several terms. Throws `badSelector` with a mark
 * under each fault.
 */
export function selectorFrom(words: readonly string[]): string {
  return readable(words.join(' '), parseSelector);
}

/** The same for hosts: `web-01`, `#prod`, `env=stage`, `*`, or several. */
export function hostSelectorFrom(words: readonly string[]): string {
  return readable(words.join(' '), parseHostSelector);
}

function readable(text: string, parse: typeof parseSelector): string {
  const parsed = parse(text);
  if (parsed.ok) return text;
  const says = parsed.problems.map(({ where, says, hint }) => {
    const at = /:(\d+)$/.exec(where)?.[1];
    const mark = at === undefined ? '' : `\n    ${text}\n    ${' '.repeat(Number(at) - 1)}^`;
    return `the selector ${says}${hint === undefined ? '' : `. ${hint}`}${mark}`;
  });
  throw new CliFailure('badSelector', says.join('\n'));
}
