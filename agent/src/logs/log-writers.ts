import type { Clock } from '../os/clock.ts';
import { type LogFiles, systemLogFiles } from '../os/log-files.ts';
import { FileWriter } from './file-writer.ts';
import type { LogWriter, WriterOptions } from './log-writer.ts';
import type { LossReport } from './loss.ts';

/** The log files of a daemon by path; asking twice for a path gives one file shared, with the smaller limit. */
export interface LogWriters {
  take(options: WriterOptions): LogWriter;
}

export interface WriterPorts {
  readonly clock: Clock;
  /** Hears of writes that fail, once per trouble. */
  readonly report: LossReport;
  readonly files?: LogFiles;
}

/** Makes the one registry of a daemon's child logs. */
export function createLogWriters({ clock, report, files = systemLogFiles }: WriterPorts): LogWriters {
  const byPath = new Map<string, FileWriter>();
  return {
    take(options) {
      const known = byPath.get(options.path);
      if (known !== undefined) return known.share(options);
      const writer = new FileWriter(options, { clock, report, files }, () => byPath.delete(options.path));
      byPath.set(options.path, writer);
      return writer;
    },
  };
}
