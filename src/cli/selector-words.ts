import { parseHostSelector } from '../fleet/host-selector.ts';
import { parseSelector } from '../fleet/selector.ts';
import { CliFailure } from './failure.ts';
import { type Given, textOption } from './verb.ts';

/** Options of every verb that takes a selector. */
export const NARROW_OPTIONS: readonly (readonly [flags: string, says: string])[] = [
  ['--host <name>', 'only on hosts of this name; * and ? stand for anything'],
  ['--env <name>', 'only on hosts of this environment'],
];

/**
 * The words of a command line as one selector: `group web`, or several terms; `all`, as supervisorctl has it, is
 * everything. Throws `badSelector` with a mark under each fault, `usage` when nothing is named.
 */
export function selectorFrom(words: readonly string[], given: Given = {}): string {
  const where = placeFrom(given);
  const named = words.length === 0 && where !== undefined ? ['*'] : words;
  if (named.length === 0)
    throw new CliFailure('usage', 'no process is named', 'Write a selector: web-01/cron, group web, all.');
  return readable(inPlace(withoutAll(named), where), parseSelector);
}

/** The same for hosts: `web-01`, `#prod`, `env=stage`, `*`, or several. */
export function hostSelectorFrom(words: readonly string[], given: Given = {}): string {
  const where = placeFrom(given);
  if (where !== undefined && words.length > 0)
    throw new CliFailure('usage', 'hosts are named twice', 'Name them, or use --host or --env.');
  if (where === undefined && words.length === 0)
    throw new CliFailure('usage', 'no host is named', 'Write web-01, "#prod", env=stage or all.');
  return readable(where ?? withoutAll(words), parseHostSelector);
}

const withoutAll = (words: readonly string[]): string => {
  const text = words.join(' ');
  return text === 'all' ? '*' : text;
};

/** The part of a term that says where, or undefined. */
function placeFrom(given: Given): string | undefined {
  const [host, environment] = [textOption(given, 'host'), textOption(given, 'env')];
  if (host !== undefined && environment !== undefined)
    throw new CliFailure('usage', '--host and --env exclude each other', 'Use one of them.');
  return host ?? (environment === undefined ? undefined : `env=${environment}`);
}

/** Each term of a selector that says no place itself, at that place. */
function inPlace(text: string, where: string | undefined): string {
  if (where === undefined) return text;
  const terms = text.replace(/(^|[\s,])group\s+([^\s,]+)/g, '$1$2:*').split(/[\s,]+/);
  const placed = terms.find((term) => term.includes('/'));
  if (placed !== undefined)
    throw new CliFailure(
      'usage',
      `"${placed}" says where already`,
      'Leave out --host and --env, or the part before "/".',
    );
  return terms.map((term) => `${where}/${term}`).join(' ');
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
