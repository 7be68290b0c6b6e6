import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Proof, Visitor } from '../accounts/accounts.ts';
import type { Right } from '../accounts/rights.ts';

/** One row of the API. `right: 'anyone'` is said out loud; all others are refused without it. */
export type Route = OpenRoute | GuardedRoute;

export interface OpenRoute extends Partial<Described> {
  readonly method: Method;
  readonly path: string;
  readonly right: 'anyone';
  /** A few tries a minute per address: for routes that look at passwords. */
  readonly limited?: true;
  run(call: Pick<Call, 'req' | 'res'>): void | Promise<void>;
}

export interface GuardedRoute extends Partial<Described> {
  readonly method: Method;
  readonly path: string;
  readonly right: Right;
  /** The largest body it takes, as in `16mb`; left out: 2 MB. */
  readonly mostBody?: string;
  /** Of what is asked for by POST, but only looks: leaves no row in the audit. */
  readonly changes?: 'nothing';
  /** What of its body the audit keeps; left out: all but secrets. */
  kept?(body: unknown): unknown;
  run(call: Call): void | Promise<void>;
}

/** What the OpenAPI document says of a route; `query` and `body` are the schemas that its `run` reads with. */
export interface Described {
  /** One sentence that begins with a verb: `Lists the hosts.` */
  readonly says: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** By status of success: the schema of its JSON, the media type of anything else, or nothing. */
  readonly answers: Readonly<Record<number, z.ZodType | `${string}/${string}` | 'nothing'>>;
}

export type Method = 'get' | 'post' | 'patch' | 'delete';

export interface Call {
  readonly req: Request;
  readonly res: Response;
  readonly visitor: Visitor;
  readonly proof: Proof;
}
