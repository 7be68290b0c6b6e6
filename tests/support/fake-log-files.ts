import type { FileStatus, LogFiles } from '../../agent/src/os/log-files.ts';

interface Inode {
  readonly number: number;
  readonly kind: 'file' | 'pipe' | 'directory';
  data: Buffer;
}

/** A disk in memory: names, inodes and open descriptors, with faults on demand. */
export class FakeLogFiles implements LogFiles {
  readonly names = new Map<string, Inode>();
  readonly #open = new Map<number, Inode>();
  #nextInode = 1;
  #nextFd = 100;
  /** Bytes that may still be written before ENOSPC. */
  room = Number.POSITIVE_INFINITY;
  /** What the next appends fail with, until it is null again. */
  appendError: string | null = null;
  /** Paths that nothing can be renamed to or opened at. */
  readonly locked = new Set<string>();
  /** Bytes a pipe takes before EAGAIN. */
  pipeRoom = Number.POSITIVE_INFINITY;

  openToAppend(path: string, _mode: number, how?: 'fresh' | 'empty'): number {
    this.#refuseLocked(path);
    let inode = this.names.get(path);
    if (inode?.kind === 'directory') throw failure('EISDIR');
    if (inode !== undefined && how === 'fresh') throw failure('EEXIST');
    if (inode === undefined) inode = this.put(path, '');
    if (how === 'empty') inode.data = Buffer.alloc(0);
    return this.#descriptor(inode);
  }

  openToRead(path: string): number {
    const inode = this.names.get(path);
    if (inode === undefined) throw failure('ENOENT');
    return this.#descriptor(inode);
  }

  append(fd: number, bytes: Buffer, from: number): number {
    if (this.appendError !== null) throw failure(this.appendError);
    const inode = this.#inode(fd);
    const room = inode.kind === 'pipe' ? this.pipeRoom : this.room;
    const length = Math.min(room, bytes.length - from);
    if (length === 0 && from < bytes.length) throw failure(inode.kind === 'pipe' ? 'EAGAIN' : 'ENOSPC');
    if (inode.kind === 'pipe') this.pipeRoom -= length;
    else this.room -= length;
    inode.data = Buffer.concat([inode.data, bytes.subarray(from, from + length)]);
    return length;
  }

  readAt(fd: number, into: Buffer, position: number): number {
    return this.#inode(fd).data.copy(into, 0, position);
  }

  status(fd: number): FileStatus {
    return this.#statusOf(this.#inode(fd));
  }

  statusAt(path: string): FileStatus | null {
    const inode = this.names.get(path);
    return inode === undefined ? null : this.#statusOf(inode);
  }

  rename(from: string, to: string): void {
    this.#refuseLocked(to);
    const inode = this.names.get(from);
    if (inode === undefined) throw failure('ENOENT');
    if (this.names.get(to)?.kind === 'directory') throw failure('EISDIR');
    this.names.delete(from);
    this.names.set(to, inode);
  }

  remove(path: string): void {
    this.#refuseLocked(path);
    this.names.delete(path);
  }

  close(fd: number): void {
    if (!this.#open.delete(fd)) throw failure('EBADF');
  }

  list(folder: string): readonly string[] {
    return [...this.names.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
  }

  put(path: string, text: string, kind: Inode['kind'] = 'file'): Inode {
    const inode: Inode = { number: this.#nextInode++, kind, data: Buffer.from(text) };
    this.names.set(path, inode);
    return inode;
  }

  /** What stands at `path`, or null. */
  text(path: string): string | null {
    return this.names.get(path)?.data.toString('latin1') ?? null;
  }

  openDescriptors(): number {
    return this.#open.size;
  }

  #descriptor(inode: Inode): number {
    const fd = this.#nextFd++;
    this.#open.set(fd, inode);
    return fd;
  }

  #inode(fd: number): Inode {
    const inode = this.#open.get(fd);
    if (inode === undefined) throw failure('EBADF');
    return inode;
  }

  #statusOf(inode: Inode): FileStatus {
    const links = [...this.names.values()].filter((other) => other === inode).length;
    return { device: 1, inode: inode.number, size: inode.data.length, links, isFile: inode.kind === 'file' };
  }

  #refuseLocked(path: string): void {
    if (this.locked.has(path)) throw failure('EACCES');
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
