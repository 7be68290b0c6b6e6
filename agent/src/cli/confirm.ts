import type { Session } from './verb.ts';

/** Asks a person at the prompt; a script has already decided. Only y or Y goes ahead. Contract: CTL-079. */
export async function confirmed(question: string, { interactive, io }: Session): Promise<boolean> {
  if (!interactive) return true;
  const answer = await io.ask(`${question} y/N? `);
  return answer?.toLowerCase().startsWith('y') ?? false;
}
