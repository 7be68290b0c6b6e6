import { closeSync, lchownSync, linkSync, openSync } from 'node:fs';
import type { Server } from 'node:http';
import { userInfo } from 'node:os';
import type { UnixServerConfig } from '../config/config.ts';
import type { Clock } from '../os/clock.ts';
import { thrownErrno } from '../os/errno.ts';
import { lockFile } from '../os/file-lock.ts';
import { CannotListen, cannotListen } from './cannot-listen.ts';
import { closing, type Listener, listening } from './listener.ts';
import { type FileIdentity, fileAt, isLive, isSameFile, removeFile } from './socket-file.ts';

const LOOK_EVERY_MS = 8_000;
const LOCK_TRIES = 40;
const LOCK_RETRY_MS = 50;
/** What a socket address holds; a longer one would be cut and bound under another name. */
const MOST_PATH_BYTES = 107;

export interface UnixParts {
  readonly config: UnixServerConfig;
  /** Makes a server; another one is needed when the socket file has to be made anew. */
  readonly createServer: () => Server;
  readonly clock: Clock;
  readonly warn: (line: string) => void;
  readonly info: (line: string) => void;
}

/**
 * Opens a unix socket that is never visible with another mode than configured, over a stale file but not over
 * a live one, and opens it again when its file is deleted. Rejects with `CannotListen`.
 * Contract: RPC-141 to RPC-143, PROC-077.
 */
export async function listenUnix(parts: UnixParts): Promise<Listener> {
  const { config, clock } = parts;
  let server = parts.createServer();
  let ours = await withLock(parts, () => open(parts, server));
  let cancel: () => void = () => {};
  let closed = false;
  const look = async (): Promise<void> => {
    if (fileAt(config.path) === null) {
      const next = parts.createServer();
      const made = await withLock(parts, () => open(parts, next)).catch(() => null); // tried again at the next look
      if (made !== null && !closed) {
        parts.info(`socket file ${config.path} was gone and is made anew`);
        await closing(server);
        [server, ours] = [next, made];
      }
    }
    if (!closed) watch();
  };
  const watch = (): void => {
    cancel = clock.after(LOOK_EVERY_MS, () => void look());
  };
  watch();
  return {
    close: () => {
      closed = true;
      cancel();
      if (isSameFile(ours, fileAt(config.path))) removeFile(config.path);
      return closing(server);
    },
  };
}

/** Daemons that start at the same moment take turns, so that none removes the socket another has just made. */
async function withLock<T>({ config, clock }: UnixParts, act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const locked = lockFile(`${config.path}.lock`);
    if (locked.kind === 'locked-elsewhere' && tries < LOCK_TRIES) {
      await new Promise<void>((next) => clock.after(LOCK_RETRY_MS, next));
      continue;
    }
    try {
      return await act(); // also without the lock: then the folder will say why
    } finally {
      if (locked.kind === 'locked') locked.lock.removeAndRelease();
    }
  }
}

async function open(parts: UnixParts, server: Server): Promise<FileIdentity> {
  const { path } = parts.config;
  const made = `${path}.${process.pid}`;
  if (Buffer.byteLength(made) > MOST_PATH_BYTES) throw cannotListen('AF_UNIX path too long');
  try {
    refuseUncreatable(made);
    await bindHidden(server, made, parts.config.mode);
    changeOwner(parts.config, made);
    if (!isLinked(made, path)) await replaceStale(parts, made);
    const ours = fileAt(path);
    if (ours === null) throw cannotListen('ENOENT');
    return ours;
  } catch (error) {
    server.close();
    throw error instanceof CannotListen ? error : cannotListen(thrownErrno(error));
  } finally {
    if (fileAt(made) !== null) removeFile(made);
  }
}

/** Throws what the system says of a file there; node calls a missing folder EACCES. Contract: CFG-162. */
function refuseUncreatable(path: string): void {
  removeFile(path);
  closeSync(openSync(path, 'wx', 0o600));
  removeFile(path);
}

/** Bound under a name nobody looks for, and with its mode from the start: chmod would follow what is put there since. */
async function bindHidden(server: Server, path: string, mode: number): Promise<void> {
  const umask = process.umask(~mode & 0o777);
  const bound = listening(server, { path }); // binds before it returns
  process.umask(umask);
  await bound;
}

/** False when something else has the name. */
function isLinked(made: string, path: string): boolean {
  try {
    linkSync(made, path);
    return true;
  } catch (error) {
    if (thrownErrno(error) === 'EEXIST') return false;
    throw error;
  }
}

async function replaceStale({ config: { path }, warn }: UnixParts, made: string): Promise<void> {
  const there = fileAt(path);
  if (there !== null && !there.isSocket) throw cannotListen('EEXIST');
  if (await isLive(path)) throw cannotListen('EADDRINUSE');
  warn(`Unlinking stale socket ${path}`);
  removeFile(path);
  if (!isLinked(made, path)) throw cannotListen('EADDRINUSE');
}

/** Contract: CFG-154. */
function changeOwner({ path, owner }: UnixServerConfig, made: string): void {
  if (owner === null) return;
  try {
    lchownSync(made, owner.uid, owner.gid);
  } catch (error) {
    if (thrownErrno(error) !== 'EPERM') throw error;
    throw new CannotListen(
      `Not permitted to chown ${path} to uid/gid (${owner.uid}, ${owner.gid}); adjust "sockchown" value in config file ` +
        `or on command line to values that the current user (${userInfo().username}) can successfully chown`,
    );
  }
}
