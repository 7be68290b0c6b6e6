import type { z } from 'zod';
import type { Problem } from '../fleet/problem.ts';
import { issueText } from './issue-text.ts';
import { ApiProblem } from './problems.ts';

/** The value as the schema makes it. Throws `bad-request` with every problem, each with its place. */
export function read<T>(schema: z.ZodType<T>, value: unknown, place: 'query' | 'body' = 'body'): T {
  const result = schema.safeParse(value ?? {}, { error: issueText });
  if (result.success) return result.data;
  throw new ApiProblem('bad-request', {
    problems: result.error.issues.map((issue) => toProblem(issue, place)),
  });
}

function toProblem(issue: z.core.$ZodIssue, place: string): Problem {
  return { where: issue.path.join('.') || place, says: issue.message };
}
