import type { Hand } from './hand.ts';

/** What operators do, each from the front page to the moment its result stands on the screen. */
export const TASKS = {
  red: 'Find what is red in the whole fleet',
  crash: 'See why a FATAL process crashed, with its last words',
  away: 'See which host does not answer, why, and what mends it',
  restart: 'Restart one process on one host',
  stop: 'Stop a group on every host, knowing before what it touches',
  again: 'Start again exactly what was just stopped',
  rolling: 'Restart a group two at a time, ended by the first failure',
  follow: 'Follow the logs of a group from all hosts together, marking a word',
  count: 'Count a word in the past logs of a group, host by host',
  link: 'Give a colleague a link to exactly this view: one environment, by host, most memory first',
} as const;

export type TaskName = keyof typeof TASKS;

/** How a console does each task; a text says why it cannot. */
export type Deeds = Readonly<Record<TaskName, ((hand: Hand) => Promise<void>) | string>>;

/** A console that watches the fleet, somebody signed in to it. */
export interface WatchingConsole {
  readonly name: string;
  readonly version: string;
  readonly hand: Hand;
  readonly deeds: Deeds;
  stop(): Promise<void>;
}
