/** One reader of what others write, and what must hold for whatever arrives. */
export interface FuzzTarget {
  readonly name: string;
  /** Well-formed input that mutations begin with. */
  readonly seeds: readonly Buffer[];
  /** Throws, or rejects, when something that must hold does not. */
  check(bytes: Buffer, random: () => number): void | Promise<void>;
}

/** The bytes in pieces of random size. */
export function pieces(bytes: Buffer, random: () => number): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * 9);
    out.push(bytes.subarray(at, at + length));
    at += length;
  }
  return out;
}

/** Fails when both are not the same. */
export function mustEqual(what: string, got: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${a} is not ${b}`);
}
