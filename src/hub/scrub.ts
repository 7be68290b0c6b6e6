const SECRETS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, '$1…@'],
  [/\b(basic|bearer)\s+[A-Za-z0-9._~+/=-]{6,}/gi, '$1 …'],
  [/\bfv[a-z]_[A-Za-z0-9_-]{16,}/g, 'fv…'],
  [
    /((?:pass(?:word|phrase)?|secret|token|cookie|csrf|authorization)\\?"?\s*[:=]\s*\\?"?)[^\s"\\,;}]+/gi,
    '$1…',
  ],
];

/** A line of the log without what must not be in it: the last net, whatever an error or a library put there. */
export function scrub(line: string): string {
  return SECRETS.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
}
