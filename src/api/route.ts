import type { Request, Response } from 'express';
import type { Proof, Visitor } from '../accounts/accounts.ts';
import type { Right } from '../accounts/rights.ts';

/** One row of the API. `right: 'anyone'` is said out loud; all others are refused without it. */
export type Route = OpenRoute | GuardedRoute;

export interface OpenRoute {
  readonly method: Method;
  readonly path: string;
  readonly right: 'anyone';
  /** A few tries a minute per address: for routes that look at passwords. */
  readonly limited?: true;
  run(call: Pick<Call, 'req' | 'res'>): void | Promise<void>;
}

export interface GuardedRoute {
  readonly method: Method;
  readonly path: string;
  readonly right: Right;
  /** The largest body it takes, as in `16mb`; left out: 2 MB. */
  readonly mostBody?: string;
  /** Of what is asked for by POST, but only looks: leaves no row in the audit. */
  readonly changes?: 'nothing';
  run(call: Call): void | Promise<void>;
}

export type Method = 'get' | 'post' | 'patch' | 'delete';

export interface Call {
  readonly req: Request;
  readonly res: Response;
  readonly visitor: Visitor;
  readonly proof: Proof;
}
