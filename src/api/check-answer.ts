import type { Response } from 'express';
import { z } from 'zod';
import type { ApiProblemKind } from './problems.ts';
import type { Answer, Route } from './route.ts';
import { mayAnswer } from './route-problems.ts';

const parts = new WeakMap<Response, z.ZodType>();
const wholes = new WeakMap<Response, (text: string) => void>();
const checked = new WeakMap<Response, Route>();

/**
 * Holds a route to what it says of its answers: JSON that is not as its schema has it throws instead of being sent,
 * and so does a status it does not name. For tests: an answer costs a second walk through it.
 */
export function checkAnswers(res: Response, route: Route): void {
  checked.set(res, route);
  const json = res.json.bind(res);
  const check = (text: string): void => {
    const answer = promised();
    if (!(answer instanceof z.ZodType)) throw sorry(`JSON, and not ${JSON.stringify(answer)}`);
    const { error } = answer.safeParse(JSON.parse(text));
    if (error !== undefined) throw sorry(z.prettifyError(error));
  };
  wholes.set(res, check);
  const sorry = (says: string) =>
    new Error(`${route.method} ${route.path} answers ${res.statusCode}: ${says}`);
  const promised = (): Answer => {
    const answer = route.answers[res.statusCode];
    if (answer === undefined) throw sorry('it does not say that it may');
    return answer;
  };
  for (const answer of Object.values(route.answers))
    if (typeof answer === 'object' && 'stream' in answer) parts.set(res, answer.each);
  res.json = (body: unknown) => {
    check(JSON.stringify(body));
    return json(body);
  };
  const end = res.end.bind(res);
  res.end = ((...rest: Parameters<typeof end>) => {
    if (res.statusCode < 300) promised();
    return end(...rest);
  }) as typeof end;
}

/** Throws when a route that is checked says no in a way it does not tell of. */
export function checkProblem(res: Response, kind: ApiProblemKind): void {
  const route = checked.get(res);
  if (route !== undefined && !mayAnswer(route).includes(kind))
    throw new Error(
      `${route.method} ${route.path} answers with the problem ${kind}, and does not say that it may`,
    );
}

/** The same for JSON that is written bit by bit: one that is checked is held back until it is whole. */
export function checkWhole(res: Response, pieces: Iterable<string>): Iterable<string> {
  const check = wholes.get(res);
  if (check === undefined) return pieces;
  const all = [...pieces];
  check(all.join(''));
  return all;
}

/** The same for each part of a stream; does nothing for one that is not checked. */
export function checkPart(res: Response, part: unknown): void {
  parts.get(res)?.parse(JSON.parse(JSON.stringify(part)));
}
