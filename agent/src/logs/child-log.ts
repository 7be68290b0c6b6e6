import type { ChannelConfig } from '../config/config.ts';
import { quoted } from '../config/python-text.ts';
import { errnoOf } from '../os/log-files.ts';
import type { Channel } from '../protocol/info.ts';
import { textOrUndecodable } from '../protocol/python-bytes.ts';
import { AUTO_MODE, autoLogPath, createAutoLog } from './auto-logs.ts';
import { BoundedBytes } from './bounded-bytes.ts';
import { Capture, type SavedCapture } from './capture.ts';
import type { LogFile } from './log-file.ts';
import type { LogWriter } from './log-writer.ts';
import type { LogWriters } from './log-writers.ts';
import type { MainLog } from './main-log.ts';
import { AnsiStripper } from './strip-ansi.ts';
import type { Syslog } from './syslog.ts';
import { SyslogLines } from './syslog-lines.ts';

const EXPLICIT_MODE = 0o666;

/** What a child wrote and somebody may want as an event; `data` is a copy of its own. */
export interface ChildOutput {
  readonly kind: 'process-log' | 'process-communication';
  readonly process: { readonly name: string; readonly group: string };
  readonly channel: Channel;
  readonly pid: number;
  readonly data: Buffer;
}

export interface ChildLogOptions {
  readonly process: { readonly name: string; readonly group: string };
  readonly channel: Channel;
  readonly config: ChannelConfig;
  /** A listener's stdout is its protocol: no capture, no log events, no syslog. Contract: EVT-031, PROC-116. */
  readonly isListener: boolean;
  /** Where and as whom AUTO files are named. */
  readonly childLogDir: string;
  readonly identifier: string;
  /** Asked for each chunk: a reread may change it. Contract: PROC-103. */
  readonly stripAnsi: () => boolean;
  readonly pid: () => number;
  /** One per daemon: channels that name the same path share one file, position and rotation. */
  readonly writers: LogWriters;
  readonly mainLog: MainLog;
  readonly syslog: () => Syslog;
  /** Whether `process-log` outputs are wanted now; `process-communication` is always told. */
  readonly wantsLogs: () => boolean;
  readonly tell: (output: ChildOutput) => void;
}

/** A log as plain data; bytes in base64. */
export interface SavedLog {
  /** An AUTO file has no other name to find it by. */
  readonly path: string | null;
  readonly isOpen: boolean;
  readonly strip: ReturnType<AnsiStripper['save']>;
  readonly capture: SavedCapture | null;
  readonly message: string;
  readonly syslogLine: string;
}

/**
 * Where one output channel of a process goes: file, syslog, main log, events.
 * Made when the group is added (an AUTO file is created then) and kept over the process's children.
 * Nothing a log target does keeps a child from writing: what cannot be stored is counted and reported.
 * Contract: PROC-089 to PROC-116.
 */
export interface ChildLog {
  /** Null for NONE. */
  readonly file: LogFile | null;
  /** Opens the file for a child about to be spawned. Throws the system's error, which is a spawn error. Contract: PROC-096. */
  open(): void;
  /** Takes all of `chunk` before it returns: the buffer may be reused. */
  write(chunk: Buffer): void;
  /** The child is gone and its pipe drained: bytes held back for a token or an escape are written. */
  end(): void;
  /** Opens the path anew, where a moved file was. Contract: PROC-100. */
  reopen(): void;
  /** Removes and creates the file anew. Throws the system's error. Contract: RPC-130. */
  clear(): void;
  /** What the log holds between two pieces of output, for another run of the daemon. */
  save(): SavedLog;
  /** Closes everything for good; the file stays. Contract: PROC-093. */
  drop(): void;
}

/** Makes the log of one channel; an AUTO file that cannot be created now is warned of and made on `open`. */
export function createChildLog(options: ChildLogOptions): ChildLog {
  return new ChannelLog(options);
}

class ChannelLog implements ChildLog {
  readonly #options: ChildLogOptions;
  readonly #writer: LogWriter | null;
  readonly #syslog: SyslogLines | null;
  readonly #stripper = new AnsiStripper();
  readonly #capture: Capture | null;
  readonly #message: BoundedBytes;
  readonly #eventsEnabled: boolean;
  #isOpen = false;

  constructor(options: ChildLogOptions) {
    const { config, process, writers } = options;
    const isProtocol = options.isListener && options.channel === 'stdout';
    const target = targetOf(options);
    this.#options = options;
    this.#writer = target && writers.take({ ...target, maxBytes: config.maxBytes, backups: config.backups });
    this.#syslog = config.syslog && !isProtocol ? new SyslogLines(process.name, options.syslog()) : null;
    this.#message = new BoundedBytes(config.captureMaxBytes);
    this.#capture = config.captureMaxBytes > 0 && !isProtocol ? this.#makeCapture() : null;
    this.#eventsEnabled = config.eventsEnabled && !isProtocol;
  }

  get file(): LogFile | null {
    return this.#writer;
  }

  open(): void {
    this.#writer?.open();
    this.#isOpen = true;
  }

  write(chunk: Buffer): void {
    if (this.#capture === null) this.#record(chunk, false);
    else this.#capture.feed(chunk);
  }

  end(): void {
    this.#capture?.end();
    this.#message.take();
    const held = this.#stripper.end();
    if (held.length > 0) this.#store(held, false);
    this.#syslog?.end();
  }

  reopen(): void {
    if (this.#isOpen) this.#writer?.reopen();
  }

  clear(): void {
    this.#writer?.clear();
  }

  save(): SavedLog {
    return {
      path: this.#writer?.path ?? null,
      isOpen: this.#isOpen,
      strip: this.#stripper.save(),
      capture: this.#capture?.save() ?? null,
      message: this.#message.save(),
      syslogLine: this.#syslog?.save() ?? '',
    };
  }

  drop(): void {
    this.#isOpen = false;
    this.#writer?.release();
  }

  #makeCapture(): Capture {
    return new Capture({
      text: (data, captured) => this.#record(data, captured),
      message: () => this.#tellMessage(),
    });
  }

  #record(data: Buffer, captured: boolean): void {
    const text = this.#options.stripAnsi() ? this.#stripper.strip(data) : data;
    if (text.length > 0) this.#store(text, captured);
  }

  #store(text: Buffer, captured: boolean): void {
    const { mainLog, wantsLogs } = this.#options;
    if (captured) this.#message.push(text);
    else {
      this.#writer?.write(text);
      this.#syslog?.write(text);
    }
    if (mainLog.hears('debug')) this.#echo(text);
    if (this.#eventsEnabled && wantsLogs()) this.#tell('process-log', Buffer.from(text));
  }

  #echo(text: Buffer): void {
    const { process, channel, mainLog } = this.#options;
    mainLog.debug(`${quoted(process.name)} ${channel} output:\n${textOrUndecodable(text)}`);
  }

  #tellMessage(): void {
    const { process, channel, mainLog } = this.#options;
    this.#tell('process-communication', this.#message.take());
    mainLog.debug(`${quoted(process.name)} ${channel} emitted a comm event`);
  }

  #tell(kind: ChildOutput['kind'], data: Buffer): void {
    const { process, channel, pid, tell } = this.#options;
    tell({ kind, process, channel, pid: pid(), data });
  }
}

/** The file of a channel, or null when it has none. */
function targetOf(options: ChildLogOptions): { readonly path: string; readonly mode: number } | null {
  const { logFile } = options.config;
  switch (logFile.kind) {
    case 'none':
      return null;
    case 'file':
      return { path: logFile.path, mode: EXPLICIT_MODE };
    case 'auto':
      return { path: autoPath(options), mode: AUTO_MODE };
    default:
      return logFile satisfies never;
  }
}

function autoPath({ process, channel, childLogDir, identifier, mainLog }: ChildLogOptions): string {
  const name = { process: process.name, channel, childLogDir, identifier };
  try {
    return createAutoLog(name);
  } catch (error) {
    mainLog.warn(`cannot create a log file in '${childLogDir}' (${errnoOf(error)})`);
    return autoLogPath(name);
  }
}
