import { posix } from 'node:path';
import type { ConfigFiles } from './files.ts';
import { byCodePoint } from './python-text.ts';

const MAGIC = /[*?[]/;

/**
 * Paths that match a shell pattern of `*`, `?` and `[]`, sorted; a plain path matches when it exists.
 * No recursion by `**`, and no dot-files unless the pattern has the dot. Contract: CFG-091, CFG-092.
 */
export function glob(pattern: string, files: ConfigFiles): string[] {
  return matches(pattern, files).sort(byCodePoint);
}

function matches(pattern: string, files: ConfigFiles): string[] {
  if (!MAGIC.test(pattern)) return present(pattern, files) ? [pattern] : [];
  const slash = pattern.lastIndexOf('/');
  const folder = slash <= 0 ? pattern.slice(0, slash + 1) : pattern.slice(0, slash);
  const name = pattern.slice(slash + 1);
  const folders = MAGIC.test(folder)
    ? matches(folder, files).filter((path) => files.isDirectory(path))
    : [folder];
  return folders.flatMap((path) => namesIn(path, name, files).map((found) => join(path, found)));
}

function present(path: string, files: ConfigFiles): boolean {
  return path.endsWith('/') ? files.isDirectory(path) : files.exists(path);
}

function namesIn(folder: string, pattern: string, files: ConfigFiles): string[] {
  if (pattern === '') return files.isDirectory(folder) ? [''] : [];
  if (!MAGIC.test(pattern)) return files.exists(join(folder, pattern)) ? [pattern] : [];
  const wanted = nameMatcher(pattern);
  const listed = files.list(folder === '' ? '.' : folder);
  return listed.filter((name) => wanted.test(name) && (pattern.startsWith('.') || !name.startsWith('.')));
}

function join(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith(posix.sep) ? folder + name : `${folder}/${name}`;
}

function nameMatcher(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    const close = character === '[' ? classEnd(pattern, at) : -1;
    if (close > 0) {
      source += classSource(pattern.slice(at + 1, close));
      at = close;
    } else if (character === '*') source += '.*';
    else source += character === '?' ? '.' : escapeRegExp(character);
  }
  return new RegExp(`^${source.replace(/(?:\.\*)+/g, '.*')}$`, 'su');
}

function classEnd(pattern: string, open: number): number {
  const first = pattern[open + 1] === '!' ? open + 2 : open + 1;
  return pattern.indexOf(']', pattern[first] === ']' ? first + 1 : first);
}

/** A class as written; a range that runs backwards matches nothing. */
function classSource(inside: string): string {
  const negated = inside.startsWith('!');
  const members = [...(negated ? inside.slice(1) : inside)];
  let source = '';
  for (let at = 0; at < members.length; at += 1) {
    const from = members[at] ?? '';
    const to = members[at + 1] === '-' ? members[at + 2] : undefined;
    if (to === undefined) source += escapeInClass(from);
    else {
      if (byCodePoint(from, to) <= 0) source += `${escapeInClass(from)}-${escapeInClass(to)}`;
      at += 2;
    }
  }
  if (source === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${source}]`;
}

/** A `-` stands for itself outside a class, where escaping it is an error. */
function escapeRegExp(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function escapeInClass(character: string): string {
  return character === '-' ? '\\-' : escapeRegExp(character);
}
