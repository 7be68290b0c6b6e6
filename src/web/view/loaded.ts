import type { ProblemBody } from '../../api/contract.ts';

/** One thing a page needs of the JSON API: a GET, or with a body a POST that changes nothing. */
export interface Read<T> {
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: unknown;
  /** A host is asked for it: the first paint waits but a moment, and is made without. */
  readonly asksHost?: true;
  /** After so long a browser that shows it asks anew; left out: 15 s. */
  readonly freshMs?: number;
  /** Never set: says what the answer is. */
  readonly gives?: T;
}

export type Loaded<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: ProblemBody };

/** What is known of it now; asking is what makes it come, and the page is made again with it. */
export type Get = <T>(read: Read<T>) => Loaded<T>;

export const WAITING: Loaded<never> = { kind: 'waiting' };

export const keyOfRead = ({ path, body }: Read<unknown>): string =>
  body === undefined ? path : `${path} ${JSON.stringify(body)}`;

/** Answers by what was asked. The API's contract says what lies under each key. */
export class Answers {
  readonly #known = new Map<string, Loaded<unknown>>();

  get<T>(read: Read<T>): Loaded<T> | undefined {
    // What `Read<T>` was answered with is a T by the contract of the route; nothing else is ever put under its key.
    return this.#known.get(keyOfRead(read)) as Loaded<T> | undefined;
  }

  put<T>(read: Read<T>, answer: Loaded<T>): void {
    this.#known.set(keyOfRead(read), answer);
  }
}

/** Something of what came, or what stands there until it does. */
export function mapLoaded<T, R>(loaded: Loaded<T>, take: (value: T) => R, otherwise: R): R {
  return loaded.kind === 'here' ? take(loaded.value) : otherwise;
}
