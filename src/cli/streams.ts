import { StringDecoder } from 'node:string_decoder';

/** Pieces of a body, parted at `separator`; what comes after the last one is left out. */
async function* parted(
  body: AsyncIterable<Buffer>,
  separator: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of body) {
      const pieces = (rest + decoder.write(chunk)).split(separator);
      rest = pieces.pop() ?? '';
      yield* pieces;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** One value per line of JSON. */
export async function* jsonLines<T>(body: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const line of parted(body, '\n', signal)) {
    if (line !== '') yield JSON.parse(line);
  }
}

/** The data of each server-sent event, parsed; comments are left out. */
export async function* serverSentEvents<T>(
  body: AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  for await (const block of parted(body, '\n\n', signal)) {
    const data = block
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice('data:'.length).trimStart());
    if (data.length > 0) yield JSON.parse(data.join('\n'));
  }
}
