import type { Outcome } from '../fleet/action.ts';
import type { Tone } from './paint.ts';
import { oneLine } from './terminal-text.ts';

/** One target's outcome in words. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'waiting':
      return 'waiting';
    case 'working':
      return `${outcome.state}${inWords(outcome.says)}`;
    case 'done':
      return `${outcome.state}${inWords(outcome.says)} (${(outcome.tookMs / 1000).toFixed(1)} s)`;
    case 'refused':
      return `refused: ${oneLine(outcome.reason)}`;
    case 'failed':
      return `failed: ${oneLine(outcome.reason)}`;
    case 'unreachable':
      return `unreachable: ${oneLine(outcome.reason)}`;
    case 'unknown':
      return `unknown: ${oneLine(outcome.reason)}`;
    case 'cancelled':
      return `cancelled${inWords(outcome.says)}`;
    default:
      return outcome satisfies never;
  }
}

const inWords = (says: string | undefined): string => (says === undefined ? '' : `: ${oneLine(says)}`);

export const OUTCOME_TONES: Readonly<Record<Outcome['kind'], Tone>> = {
  waiting: 'quiet',
  working: 'moving',
  done: 'good',
  refused: 'bad',
  failed: 'bad',
  unreachable: 'away',
  unknown: 'warning',
  cancelled: 'quiet',
};
