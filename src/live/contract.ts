import type { Channel } from '@fleetvisor/agent/protocol';
import type { Action, Alert, AlertCounts, Fleet, TailLine } from '../api/contract.ts';
import type { ActionHead, ActionTarget } from '../fleet/action.ts';
import type { Happening as LatelyEvent } from '../fleet/happening.ts';
import type { HostView } from '../fleet/host.ts';
import type { ProcessView } from '../fleet/process.ts';

/** What changed since the message before, already merged: at most one every 50 ms per browser. */
export interface FleetDelta {
  /** One more than that of the message before; a gap means: ask for `fleet` again. */
  readonly seq: number;
  readonly atMs: number;
  readonly hosts: readonly HostView[];
  readonly goneHosts: readonly string[];
  readonly processes: readonly ProcessView[];
  /** `hostId/group:name` */
  readonly goneProcesses: readonly string[];
}

/** What changed of an action with many targets. */
export interface ActionNews extends ActionHead {
  /** These are the first of all its targets: what was told of it before is forgotten. */
  readonly anew?: true;
  /** By their places among the targets. */
  readonly changed: readonly (readonly [place: number, target: ActionTarget])[];
  /** Another message follows before it is as it is now. */
  readonly more?: true;
}

export type { Happening as LatelyEvent } from '../fleet/happening.ts';

export type FleetMessage = Parameters<HubToBrowser['fleet']>[0];

/** How many alerts are open, and those that opened, counted up, were acknowledged or closed, as they are now. */
export interface AlertNews {
  readonly counts: AlertCounts;
  readonly changed: readonly Alert[];
  /** More changed than are told here: ask for the list again. */
  readonly more?: true;
}

/** Socket.IO namespace `/live`, cookie session checked at handshake and on every event. */
export interface HubToBrowser {
  /** A large fleet comes in several messages of the same `seq`; no delta comes in between. */
  fleet(
    fleet: Fleet & {
      readonly seq: number;
      readonly lately: readonly LatelyEvent[];
      readonly actions: readonly Action[];
      /** It belongs to the message before. */
      readonly continues?: true;
      /** Another one follows that continues this one. */
      readonly more?: true;
    },
  ): void;
  delta(delta: FleetDelta): void;
  lately(event: LatelyEvent): void;
  action(action: Action): void;
  /** After `watch` once with the counts alone, then whenever alerts change that this person may see. */
  alerts(news: AlertNews): void;
  /** Something about schedules or their runs is other than it was: ask again. */
  schedules(): void;
  /** In place of `action` for one with more than 200 targets, also after `watch`. */
  'action:news'(news: ActionNews): void;
  'tail:lines'(tail: {
    readonly tailId: string;
    readonly lines: readonly TailLine[];
    readonly skipped: number;
  }): void;
  'tail:end'(tail: { readonly tailId: string; readonly says: string }): void;
  'signed-out'(why: { readonly says: string }): void;
}

/** `where`: which part of the wish is wrong, as far as that is known. */
export interface TailOpened {
  readonly ok: boolean;
  readonly says?: string;
  readonly hint?: string;
  readonly where?: string;
}

export interface BrowserToHub {
  /** Answered with the `fleet` message. */
  watch(): void;
  'tail:open'(
    open: {
      readonly tailId: string;
      /** A selector or a name; several: all they name together. */
      readonly target: string | readonly string[];
      /** Of what is named these not: `host/group:process`. */
      readonly except?: readonly string[];
      readonly channels: readonly Channel[];
      readonly lastBytes: number;
      /** Of each log's past at most so many lines. */
      readonly lines?: number;
      /** Only lines that hold this text, or fit this RE2 expression. */
      readonly text?: string;
      readonly regex?: string;
    },
    answer: (opened: TailOpened) => void,
  ): void;
  /** The browser has shown this many lines: send more. */
  'tail:credit'(credit: { readonly tailId: string; readonly lines: number }): void;
  'tail:close'(close: { readonly tailId: string }): void;
}
