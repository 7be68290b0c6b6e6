import type { Action } from '../../api/contract.ts';
import type { NavKey } from './links.ts';
import type { Get } from './loaded.ts';
import type { Reader } from './reader.ts';
import type { Picked } from './row-view.ts';
import type { World } from './world.ts';

/** A page, ready for its templates; the same on server and browser. */
export interface PageView {
  readonly nav: NavKey;
  readonly title: string;
  readonly side: { readonly template: string; readonly model: unknown };
  readonly main: { readonly template: string; readonly model: unknown };
  /** False: there is no such thing (any more). */
  readonly found: boolean;
  /** Something on it goes on: without a script it loads itself again. */
  readonly again?: boolean;
}

export interface Asked {
  readonly parts: readonly string[];
  readonly params: URLSearchParams;
  readonly picked: Picked;
  action(id: string): Action | null;
  readonly get: Get;
  /** Of a plain form that was sent and not carried out: why. */
  readonly failed?: { readonly cause: string; readonly mend: string };
}

export type PageMaker = (world: World, reader: Reader, asked: Asked) => PageView;
