import type { LogFiles } from '../os/log-files.ts';

/** Bytes `[offset, offset + length)` of the file at `path`, fewer at its end. Throws the system's error. */
export function readSlice(files: LogFiles, path: string, offset: number, length: number): Buffer {
  const fd = files.openToRead(path);
  try {
    const data = Buffer.alloc(Math.max(0, Math.min(length, files.status(fd).size - offset)));
    let done = 0;
    while (done < data.length) {
      const count = files.readAt(fd, data.subarray(done), offset + done);
      if (count === 0) break; // it was cut meanwhile
      done += count;
    }
    return data.subarray(0, done);
  } finally {
    files.close(fd);
  }
}
