/** Comments and regular expressions are passed over whole; texts, words and signs come one by one. */
const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|(?<=[(,=:[!&|?{};]\s*)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.|\$\{(?:[^`{}]|`[^`]*`)*\}|\$)*`|[\w$]+|\S/g;
/** What the reference of the API says of its routes and shapes, and what a bug is thrown with. */
const OF_REFERENCE = new Set(['description', 'more', 'summary']);
const OF_BUGS = new Set(['describe', 'Error', 'TypeError', 'RangeError']);
const ROUTE_SAYS = /^[A-Z][a-z]+s /;

/** Every text of a source of more than one word that somebody may read; what stands in the gaps of a template is a 7. */
export function textsIn(source: string): string[] {
  const tokens = [...source.matchAll(TOKEN)]
    .map(([token]) => token)
    .filter((token) => !/^\/[/*]/.test(token));
  return tokens.flatMap((token, at) => {
    if (!/^['"`]/.test(token)) return [];
    const [before = '', sign = ''] = [tokens[at - 2], tokens[at - 1]];
    if ((sign === '(' && OF_BUGS.has(before)) || (sign === ':' && OF_REFERENCE.has(before))) return [];
    const text = plain(token);
    if (before === 'says' && ROUTE_SAYS.test(text)) return [];
    return /[A-Za-z7>] [a-z("]/.test(text) ? [text] : [];
  });
}

const plain = (literal: string): string =>
  literal
    .slice(1, -1)
    .replace(/\$\{(?:[^`{}]|`[^`]*`)*\}/g, '7')
    .replace(/\\(.)/g, '$1');
