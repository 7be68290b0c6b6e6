import express, { type Request } from 'express';

/** Reads what a plain form sends. */
export const formBody = express.urlencoded({ extended: false, limit: '2mb', parameterLimit: 100 });

/** One field of a form as text. */
export function fieldOf(req: Request, name: string): string {
  const value: unknown = req.body?.[name];
  return typeof value === 'string' ? value : '';
}

/** Reads what a form with a file sends, as its bytes. */
export const formWithFile = express.raw({ type: 'multipart/form-data', limit: '20mb' });
