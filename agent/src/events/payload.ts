import { isUtf8 } from 'node:buffer';
import type { LengthUnit } from '../config/config.ts';
import { textOrUndecodable } from '../protocol/python-bytes.ts';
import type { ProcessLogEvent, ProcessStateEvent, SupervisorEvent } from './event.ts';

/** The bytes after the header line. Contract: EVT-010 to EVT-023. */
export function payload(event: SupervisorEvent): Buffer {
  switch (event.kind) {
    case 'process-state':
      return Buffer.from(stateText(event));
    case 'process-log':
      return withData(`${subject(event)} pid:${event.pid} channel:${event.channel}\n`, event.data);
    case 'process-communication':
      return withData(`${subject(event)} pid:${event.pid}\n`, event.data);
    case 'remote-communication':
      return Buffer.from(`type:${event.type}\n${event.data}`);
    case 'tick':
      return Buffer.from(`when:${event.when}`);
    case 'daemon-state':
      return Buffer.alloc(0);
    case 'group-added':
    case 'group-removed':
      return Buffer.from(`groupname:${event.group}\n`);
    default:
      return event satisfies never;
  }
}

function subject(event: ProcessStateEvent | ProcessLogEvent): string {
  return `processname:${event.process.name} groupname:${event.process.group}`;
}

/** What each state adds to the line. Contract: EVT-011 to EVT-014. */
const EXTRAS: Record<ProcessStateEvent['to'], (event: ProcessStateEvent) => string> = {
  STARTING: ({ tries }) => ` tries:${tries}`,
  BACKOFF: ({ tries }) => ` tries:${tries}`,
  RUNNING: ({ pid }) => ` pid:${pid}`,
  STOPPING: ({ pid }) => ` pid:${pid}`,
  STOPPED: ({ pid }) => ` pid:${pid}`,
  EXITED: ({ expected, pid }) => ` expected:${expected ? 1 : 0} pid:${pid}`,
  FATAL: () => '',
  UNKNOWN: () => '',
};

function stateText(event: ProcessStateEvent): string {
  return `${subject(event)} from_state:${event.from}${EXTRAS[event.to](event)}`;
}

function withData(head: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(head), isUtf8(data) ? data : Buffer.from(textOrUndecodable(data))]);
}

/** In valid UTF-8 every byte but those that go on with a character begins one. */
export function charactersIn(utf8: Buffer): number {
  return utf8.reduce((count, byte) => ((byte & 0xc0) === 0x80 ? count : count + 1), 0);
}

export interface Envelope {
  readonly identifier: string;
  readonly serial: number;
  readonly pool: string;
  readonly poolSerial: number;
  readonly eventName: string;
}

/** Header line and payload as a listener gets them; `len` counts bytes unless asked for characters. Contract: EVT-034, EVT-040. */
export function envelope(head: Envelope, body: Buffer, lengthIn: LengthUnit): Buffer {
  const length = lengthIn === 'bytes' ? body.length : charactersIn(body);
  const line =
    `ver:3.0 server:${head.identifier} serial:${head.serial} pool:${head.pool} ` +
    `poolserial:${head.poolSerial} eventname:${head.eventName} len:${length}\n`;
  return Buffer.concat([Buffer.from(line), body]);
}
