import { posix } from 'node:path';
import type { ConfigFiles, UserDirectory } from './files.ts';
import { good, type Reader, wrong } from './reading.ts';

/** What paths in a configuration are resolved against. */
export interface PathContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files: ConfigFiles;
  readonly users: UserDirectory;
}

/** `~` and `~user` at the beginning become home folders; an unknown user leaves the text as it is. */
export function expandUser(path: string, { env, users }: PathContext): string {
  if (!path.startsWith('~')) return path;
  const slash = path.indexOf('/');
  const end = slash < 0 ? path.length : slash;
  const home =
    end === 1
      ? (env.HOME ?? users.userById(users.ownUid())?.home)
      : users.userByName(path.slice(1, end))?.home;
  if (home === undefined) return path;
  return home.replace(/\/+$/, '') + path.slice(end) || '/';
}

/** Absolute, without `.` and `..`, with `~` expanded. */
export function normalizePath(path: string, context: PathContext): string {
  return posix.resolve(context.cwd, expandUser(path, context));
}

/** A folder that exists; `~` is expanded, the path is not made absolute. Contract: CFG-113. */
export function existingDirectory(context: PathContext): Reader<string> {
  return (text) => {
    const path = expandUser(text, context);
    if (context.files.isDirectory(fromHere(path, context))) return good(path);
    return wrong(`${text} is not an existing directory`, 'make the directory or name another');
  };
}

/** A file whose folder exists; a bare file name is not checked. Contract: CFG-114. */
export function fileInExistingDirectory(context: PathContext): Reader<string> {
  return (text) => {
    const path = expandUser(text, context);
    const folder = parentOf(path);
    if (folder === '' || context.files.isDirectory(fromHere(folder, context))) return good(path);
    return wrong(
      `The directory named as part of the path ${text} does not exist`,
      `make the directory ${folder} or name another`,
    );
  };
}

/** Absolute with every `..` kept: the system follows `link/..` through the link. */
function fromHere(path: string, { cwd }: PathContext): string {
  return path.startsWith('/') ? path : `${cwd}/${path}`;
}

/** Everything before the last slash; empty when there is none, `/` for a file in the root. */
export function parentOf(path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/+$/.test(folder) ? folder : folder.replace(/\/+$/, '');
}

/** The folder for temporary files: TMPDIR, TEMP, TMP, then the usual ones. Contract: CFG-144. */
export function temporaryDirectory({ cwd, env, files }: PathContext): string {
  const named = [env.TMPDIR, env.TEMP, env.TMP].filter((path) => path !== undefined && path !== '');
  const candidates = [...named, '/tmp', '/var/tmp', '/usr/tmp', cwd].map((path) =>
    posix.resolve(cwd, path ?? ''),
  );
  return candidates.find((path) => files.isDirectory(path) && files.isWritable(path)) ?? '/tmp';
}
