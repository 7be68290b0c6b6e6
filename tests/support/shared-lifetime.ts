import { afterAll } from 'vitest';
import type { Lifetime } from './supervisors.ts';

/** What the tests of a file or block share: cleaned up after the last of them, newest first. Call it outside of hooks. */
export function sharedLifetime(): Lifetime {
  const cleanUps: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });
  return { onTestFinished: (cleanUp) => void cleanUps.push(cleanUp) };
}
