import type { Loaded } from '../loaded.ts';
import type { Asked } from '../page.ts';
import type { Reader } from '../reader.ts';
import type { World } from '../world.ts';

/** What a part of the settings draws; null: there is no such thing. */
export type PartMaker = (world: World, reader: Reader, asked: Asked) => Part | null;

export interface Part {
  readonly title: string;
  readonly template: string;
  readonly model: object;
}

/** For templates: `came` and `here` with the value's view (a list may be empty), or `waiting`, or the problem in words. */
export function shown<T>(loaded: Loaded<T>, view: (value: T) => unknown): object {
  if (loaded.kind === 'here') return { came: true, here: view(loaded.value) };
  if (loaded.kind === 'waiting') return { waiting: true };
  const { title, detail, problems = [] } = loaded.problem;
  const mend = [
    detail ?? '',
    ...problems.map(({ says, hint }) => [says, hint ?? ''].filter(Boolean).join('. ')),
  ];
  return { problem: { cause: title, mend: mend.filter(Boolean).join(' ') } };
}
