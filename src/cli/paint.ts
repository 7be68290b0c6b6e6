import type { ProcessState } from '@fleetvisor/agent/protocol';
import type { CliIo } from './io.ts';

const CODES = {
  plain: '',
  quiet: '\x1b[2m',
  good: '\x1b[32m',
  moving: '\x1b[36m',
  warning: '\x1b[33m',
  bad: '\x1b[1;31m',
  away: '\x1b[35m',
} as const;

export type Tone = keyof typeof CODES;

/** Colours a text on a terminal; elsewhere, and where NO_COLOR is set, leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

export function paintFor(io: CliIo): Paint {
  const coloured = io.outIsTerminal && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
  return (tone, text) => (coloured && tone !== 'plain' ? `${CODES[tone]}${text}\x1b[0m` : text);
}

export const STATE_TONES: Readonly<Record<ProcessState, Tone>> = {
  RUNNING: 'good',
  STARTING: 'moving',
  STOPPING: 'moving',
  BACKOFF: 'warning',
  FATAL: 'bad',
  UNKNOWN: 'away',
  EXITED: 'quiet',
  STOPPED: 'quiet',
};
