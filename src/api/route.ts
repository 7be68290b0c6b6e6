import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Proof, Visitor } from '../accounts/accounts.ts';
import type { Right } from '../accounts/rights.ts';
import type { ApiProblemKind } from './problems.ts';

/** One row of the API. `right: 'anyone'` is said out loud; all others are refused without it. */
export type Route = OpenRoute | GuardedRoute;

export interface OpenRoute extends Described {
  readonly right: 'anyone';
  /** A few tries a minute per address: for routes that look at passwords. */
  readonly limited?: true;
  /** Asked again and again: leaves no row in the audit. */
  readonly changes?: 'nothing';
  run(call: Answering<unknown, unknown>): void | Promise<void>;
}

export interface GuardedRoute extends Described {
  readonly right: Right;
  /** It keeps the hub or hosts busy for a while: counted apart from changes. */
  readonly cost?: 'expensive';
  /** The largest body it takes, as in `16mb`; left out: 2 MB. */
  readonly mostBody?: string;
  /** Of what is asked for by POST, but only looks: leaves no row in the audit. */
  readonly changes?: 'nothing';
  /** What of its body the audit keeps; left out: all but secrets. */
  kept?(body: unknown): unknown;
  run(call: Call<unknown, unknown>): void | Promise<void>;
}

/** What the OpenAPI document says of a route; `query` and `body` are the schemas that its `run` gets read by. */
export interface Described {
  readonly method: Method;
  readonly path: string;
  /** One sentence that begins with a verb: `Lists the hosts.` */
  readonly says: string;
  /** What the sentence has no room for. */
  readonly more?: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Request headers of its own. */
  readonly headers?: readonly RequestHeader[];
  /** By status of success. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Ways it says no, beyond those that follow from its right, its path and what it reads. */
  readonly problems?: readonly ApiProblemKind[];
}

/** The schema of its JSON, the media type of anything else, what each part of a stream is, or nothing. */
export type Answer = z.ZodType | `${string}/${string}` | Streamed | 'nothing';

export interface Streamed {
  readonly stream: 'application/x-ndjson' | 'text/event-stream';
  readonly each: z.ZodType;
}

export type RequestHeader = 'idempotency-key' | 'last-event-id' | 'if-match';

export type Method = 'get' | 'post' | 'patch' | 'delete';

export interface Answering<Query = unknown, Body = unknown> {
  readonly req: Request;
  readonly res: Response;
  /** As the row's own schemas made them; undefined when it has none. */
  readonly query: Query;
  readonly body: Body;
}

export interface Call<Query = unknown, Body = unknown> extends Answering<Query, Body> {
  readonly visitor: Visitor;
  readonly proof: Proof;
}

type Read<S extends z.ZodType> = [S] extends [never] ? undefined : z.output<S>;

type Reading<R extends Route, Q extends z.ZodObject, B extends z.ZodType, C> = Omit<
  R,
  'query' | 'body' | 'run'
> & { readonly query?: Q; readonly body?: B; run(call: C): void | Promise<void> };

/** A row for those who may; its `run` gets what its own `query` and `body` read. */
export function guardedRoute<Q extends z.ZodObject = never, B extends z.ZodType = never>(
  row: Reading<GuardedRoute, Q, B, Call<Read<Q>, Read<B>>>,
): GuardedRoute {
  return row;
}

/** A row for anyone; its `run` gets what its own `query` and `body` read. */
export function openRoute<Q extends z.ZodObject = never, B extends z.ZodType = never>(
  row: Reading<OpenRoute, Q, B, Answering<Read<Q>, Read<B>>>,
): OpenRoute {
  return row;
}
