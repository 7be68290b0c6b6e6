import type { Channel } from '@fleetvisor/agent/protocol';
import type { Said } from './said.ts';

/** A line of a log as the child wrote it, or a sentence of ours standing among the lines. */
export type TailLine =
  | {
      readonly kind: 'line';
      /** `host/group:process` */
      readonly source: string;
      readonly channel: Channel;
      /** The child's bytes as UTF-8, damaged bytes replaced, without the newline. */
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'note';
      readonly source: string;
      readonly channel: Channel;
      readonly says: string;
      /** The same by what it says; left out where the host said it. */
      readonly said?: Said;
      readonly atMs: number;
    };

/** One line of a search's answer: matches, after the last of each log its counts, and at the end the sum. */
export type SearchResult =
  | {
      readonly kind: 'match';
      readonly source: string;
      readonly channel: Channel;
      /** Counted from the first whole line that was looked at. */
      readonly line: number;
      readonly text: string;
      readonly before: readonly string[];
      readonly after: readonly string[];
    }
  | {
      readonly kind: 'searched';
      readonly source: string;
      readonly channel: Channel;
      readonly matches: number;
      /** Matches beyond the limit are counted, not shown. */
      readonly shown: number;
      readonly lines: number;
      readonly bytes: number;
      /** Why it was not, or not all of it, looked at; empty when it was. */
      readonly says: string;
    }
  | {
      readonly kind: 'end';
      readonly matches: number;
      readonly logs: number;
      /** Logs that could not be looked at, or not to their end. */
      readonly troubled: number;
      readonly tookMs: number;
    };
