/** Every sentence of the hub that the console shows in the reader's language too, as the API and the CLI say it. */
export const SENTENCES = {
  'tail.cleared': 'the log was cleared',
  'tail.rotated': 'the log was rotated',
  'tail.clearedLacks': 'the log was cleared; what was written just before may be missing here',
  'tail.rotatedLacks': 'the log was rotated or cleared; what was written just before may be missing here',
  'tail.away': 'the host is away; the tail goes on when it is back',
  'tail.back': 'the host is back after {awayMs}; the tail goes on where it was, no line is missing',
  'tail.backAt': 'the host is back after {awayMs}; the tail goes on at byte {offset}, no line is missing',
  'tail.skipped': '{bytes} were written faster than they could be shown, and are left out',
  'tail.hostGone': '{host} is no longer a host of this hub',
  'tail.processGone': 'it is no longer on its host; this tail has ended',
  'tail.leftOut': 'it is no longer among what was asked for; this tail has ended',
  'tail.anew': 'the tail begins anew; what was written in between is left out',
  'tail.full': 'more than {n} logs are named now: this one and others are not followed',
  'page.back': 'this page was away for {awayMs}; no line is missing',
  'page.backLacks': 'this page was away for {awayMs}; lines may be missing before the next one',
  'page.forgotten': '{n} lines that came while you read are left out: this page keeps the newest',
} as const satisfies Record<string, string>;

export type SentenceKey = keyof typeof SENTENCES;
