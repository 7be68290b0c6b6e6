const WORD = 'pass(?:w(?:or)?d|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|credentials?|auth';
const SECRETS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, '$1…@'],
  [new RegExp(`((?:${WORD})[a-z0-9_-]*\\s*[=:]\\s*)("[^"]*"|'[^']*'|[^\\s"']+)`, 'gi'), '$1…'],
  [new RegExp(`(--?[a-z0-9-]*(?:${WORD})[a-z0-9-]*\\s+)("[^"]*"|'[^']*'|[^\\s"'-][^\\s"']*)`, 'gi'), '$1…'],
];

/** A command line without what looks like a password, a token or a key: whoever sees the fleet sees it. */
export function masked(command: string): string {
  return SECRETS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), command);
}
