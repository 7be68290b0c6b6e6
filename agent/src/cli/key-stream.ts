import { PassThrough } from 'node:stream';

/**
 * What is typed, in the pieces the line editor can take: it completes at a Tab only where a piece ends, so that
 * pasted text with Tabs in it stays text. Tabs at the end of a read are typed ones, and each is a piece of its own.
 */
export function keyStream(stdin: NodeJS.ReadableStream): PassThrough {
  const keys = new PassThrough();
  stdin.on('data', (chunk: Buffer) => {
    for (const piece of pieces(chunk)) keys.write(piece);
  });
  stdin.on('end', () => keys.end());
  return keys;
}

const TAB = 9;

function pieces(chunk: Buffer): readonly Buffer[] {
  let end = chunk.length;
  while (end > 1 && chunk[end - 1] === TAB && chunk[end - 2] === TAB) end -= 1;
  const more = Array.from(chunk.subarray(end), (byte) => Buffer.of(byte));
  return [chunk.subarray(0, end), ...more];
}
