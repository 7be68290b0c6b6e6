import { Answers, type Get, type Loaded, type Read, WAITING } from './view/loaded.ts';

/** A page may need an answer to know what else it needs, but not without end. */
const MOST_ROUNDS = 4;

/** Makes a page, asking for what it needs until nothing is missing; what it surely needs is asked for at first. */
export async function loadPage<Page>(
  make: (get: Get) => Page,
  ask: <T>(read: Read<T>) => Promise<Loaded<T>>,
  surely: readonly Read<unknown>[] = [],
): Promise<Page> {
  const answers = new Answers();
  await Promise.all(surely.map(async (read) => answers.put(read, await ask(read))));
  for (let round = 1; ; round++) {
    const wanted: Read<unknown>[] = [];
    const page = make((read) => {
      const known = answers.get(read);
      if (known === undefined) wanted.push(read);
      return known ?? WAITING;
    });
    if (wanted.length === 0 || round === MOST_ROUNDS) return page;
    await Promise.all(wanted.map(async (read) => answers.put(read, await ask(read))));
  }
}
