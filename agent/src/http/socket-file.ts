import { lstatSync, unlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { thrownErrno } from '../os/errno.ts';

/** Which file stands at a path: another one gets other numbers. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/** The file at a path, or null when there is none; a file in the place of its folder leaves none either. */
export function fileAt(path: string): (FileIdentity & { readonly isSocket: boolean }) | null {
  try {
    const stat = lstatSync(path);
    return { device: stat.dev, inode: stat.ino, isSocket: stat.isSocket() };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(thrownErrno(error))) return null;
    throw error;
  }
}

/** True when both are the same file. */
export function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && a.device === b.device && a.inode === b.inode;
}

/** Removes the file at a path; one that is gone already is fine. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (thrownErrno(error) !== 'ENOENT') throw error;
  }
}

/** Whether somebody listens on the socket at a path. Contract: RPC-142. */
export function isLive(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection(path);
    const tell = (live: boolean) => {
      socket.destroy();
      done(live);
    };
    socket.once('connect', () => tell(true));
    socket.once('error', () => tell(false)); // refused or gone: nobody is there
  });
}
