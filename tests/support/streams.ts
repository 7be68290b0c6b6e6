import { get, type IncomingMessage } from 'node:http';
import type { TestHub } from './hub.ts';
import type { Lifetime } from './supervisors.ts';
import { until } from './until.ts';

/** An answer of the hub that goes on, read line by line as it comes; ended with the test. */
export interface OpenStream {
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
  readonly lines: any[];
  /** The `text` of every line of a log that came from this source. */
  texts(source?: string): string[];
  /** The sentences among the lines. */
  notes(): string[];
  readonly answer: IncomingMessage;
  ended(): boolean;
  close(): void;
}

/** Opens `/api/v1…` as newline-delimited JSON, over `port` when it is not the hub's own. */
export async function openLines(
  t: Lifetime,
  hub: TestHub,
  path: string,
  headers: Record<string, string> = { cookie: hub.session.cookie },
): Promise<OpenStream> {
  const answer = await new Promise<IncomingMessage>((done, fail) => {
    const sent = get(`${hub.hub.address}/api/v1${path}`, { headers, agent: false }, done);
    sent.on('error', fail);
    t.onTestFinished(() => void sent.destroy());
  });
  if (answer.statusCode !== 200) {
    let text = '';
    for await (const chunk of answer) text += chunk;
    throw new Error(`${answer.statusCode} ${text}`);
  }
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what the tests assert
  const lines: any[] = [];
  let hasEnded = false;
  let rest = '';
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => {
    const pieces = (rest + part).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) if (piece !== '') lines.push(JSON.parse(piece));
  });
  answer.on('error', () => {}); // cut on purpose
  answer.on('close', () => {
    hasEnded = true;
  });
  return {
    lines,
    answer,
    texts: (source) =>
      lines.flatMap((line) =>
        line.kind === 'line' && (source === undefined || line.source === source) ? [line.text] : [],
      ),
    notes: () => lines.flatMap((line) => (line.kind === 'note' ? [`${line.source}: ${line.says}`] : [])),
    ended: () => hasEnded,
    close: () => void answer.destroy(),
  };
}

export function targetsOf(targets: readonly string[]): string {
  return targets.map((target) => `target=${encodeURIComponent(target)}`).join('&');
}

/** Waits until the hub knows so many processes. */
export async function processesKnown(hub: TestHub, count: number): Promise<void> {
  await until(`${count} processes`, async () => {
    const { body } = await hub.ask('GET', '/processes');
    return body.filter((process: { fresh: boolean }) => process.fresh).length >= count;
  });
}
