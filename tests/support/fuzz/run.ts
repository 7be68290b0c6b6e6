import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutate } from '../seeded.ts';
import type { FuzzTarget } from './target.ts';

/** Input that was a finding once: `TARGET-….bin`; tried first in every run, for ever. */
const CORPUS = join(import.meta.dirname, '../fuzz-corpus');
/** So long may reading one small input take; the machine may be busy with other things. */
const LONGEST_MS = 2_000;

/** Tries what was kept, then mutations until `more` says no; answers how many. Throws on a finding, with its input. */
export async function fuzz(
  target: FuzzTarget,
  random: () => number,
  more: (rounds: number) => boolean,
): Promise<number> {
  for (const kept of keptInputs(target.name)) await attempt(target, kept, random);
  let rounds = 0;
  for (; more(rounds); rounds++) {
    const seed = target.seeds[Math.floor(random() * target.seeds.length)] ?? Buffer.alloc(0);
    await attempt(target, mutate(seed, random), random);
  }
  return rounds;
}

/** An input that makes a reader fail or stall. */
export class Finding extends Error {
  readonly target: string;
  readonly input: Buffer;

  constructor(target: string, input: Buffer, cause: unknown) {
    super(`${target}: ${cause instanceof Error ? cause.message : cause}, on ${input.toString('base64')}`, {
      cause,
    });
    this.name = 'Finding';
    this.target = target;
    this.input = input;
  }
}

/** Keeps the input of a finding; answers the file. */
export function keepInput({ target, input }: Finding): string {
  const path = join(CORPUS, `${target}-${keptInputs(target).length + 1}.bin`);
  writeFileSync(path, input);
  return path;
}

function keptInputs(target: string): Buffer[] {
  const names = readdirSync(CORPUS).filter((name) => name.replace(/-\d+\.bin$/, '') === target);
  return names.map((name) => readFileSync(join(CORPUS, name)));
}

async function attempt(target: FuzzTarget, input: Buffer, random: () => number): Promise<void> {
  const began = performance.now();
  try {
    await target.check(input, random);
  } catch (error) {
    throw new Finding(target.name, input, error);
  }
  const tookMs = performance.now() - began;
  if (tookMs > LONGEST_MS) throw new Finding(target.name, input, `took ${Math.round(tookMs)} ms`);
}
