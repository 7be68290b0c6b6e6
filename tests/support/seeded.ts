/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The bytes with a few of them changed, removed, doubled, or put elsewhere. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  let out = Buffer.from(bytes);
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i++) {
    const at = Math.floor(random() * out.length);
    const length = Math.floor(random() * 12);
    const piece = out.subarray(at, at + length);
    const choice = Math.floor(random() * 4);
    if (choice === 0) out[at] = Math.floor(random() * 256);
    else if (choice === 1) out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
    else if (choice === 2) out = Buffer.concat([out.subarray(0, at), piece, piece, out.subarray(at)]);
    else out = Buffer.concat([out.subarray(at), out.subarray(0, at)]);
  }
  return out;
}
