import type { EventPage, FleetEvent } from '../../api/contract.ts';
import type { Clock } from '../../clock.ts';
import { eventText } from '../event-text.ts';
import { CliFailure } from '../failure.ts';
import { paintFor } from '../paint.ts';
import { NARROW_OPTIONS, selectorFrom } from '../selector-words.ts';
import { type CliContext, type FleetVerb, type Given, textOption } from '../verb.ts';

const DEFAULT_COUNT = 20;
const AGAIN_MS = 1_000;

/** What happened to processes and hosts, and with -f what happens. */
export const events: FleetVerb = {
  name: 'events',
  words: '[SELECTOR...]',
  summary: 'show what happened to processes and hosts, and with -f what happens now',
  examples: [
    'fleetvisor events',
    "fleetvisor events -f 'web*/web:*'",
    'fleetvisor events --kind host -n 100',
    'fleetvisor events -f --after 4711 --json',
  ],
  options: [
    ...NARROW_OPTIONS,
    ['-f, --follow', 'go on with what happens from now on (Ctrl-C to end)'],
    ['-n, --lines <count>', `events of the past to begin with, at most 1000 (default: ${DEFAULT_COUNT})`],
    ['--after <id>', 'begin after the event of this number'],
    ['--kind <kind>', 'process or host'],
  ],
  completes: 'targets',
  async run(words, given, context) {
    const kind = textOption(given, 'kind');
    const query = {
      selector:
        words.length === 0 && given.host === undefined && given.env === undefined
          ? '*'
          : selectorFrom(words, given),
      ...(kind === undefined ? {} : { kind }),
    };
    const show = shower(context);
    const ask = (more: Readonly<Record<string, string>>): Promise<EventPage> =>
      context.hub().get<EventPage>('/events', { ...query, ...more });
    let page = await ask(beginning(given));
    for (const event of textOption(given, 'lines') === '0' ? [] : page.events) show(event);
    while (page.more && textOption(given, 'after') !== undefined) {
      page = await ask({ after: String(page.cursor), limit: '1000' });
      for (const event of page.events) show(event);
    }
    if (given.follow === true) await follow(page.cursor, query, show, context);
    return 'done';
  },
};

function beginning(given: Given): Readonly<Record<string, string>> {
  const after = textOption(given, 'after');
  const limit = textOption(given, 'lines') ?? String(after === undefined ? DEFAULT_COUNT : 1_000);
  return { limit: limit === '0' ? '1' : limit, ...(after === undefined ? {} : { after }) };
}

function shower({ io, output }: CliContext): (event: FleetEvent) => void {
  const paint = paintFor(io);
  return (event) => (output === 'json' ? io.json(event) : io.line(eventText(event, paint)));
}

/** Goes on over a lost connection from the last number it has. */
async function follow(
  from: number,
  query: Readonly<Record<string, string>>,
  show: (event: FleetEvent) => void,
  { io, clock, hub }: CliContext,
): Promise<void> {
  const stop = new AbortController();
  const deaf = io.onInterrupt(() => stop.abort());
  let after = from;
  try {
    while (!stop.signal.aborted) {
      const path = `/events/stream?${new URLSearchParams({ ...query, after: String(after) })}`;
      try {
        for await (const event of hub().events<FleetEvent | { says: string }>(path, stop.signal)) {
          if (!('id' in event)) io.note(`-- ${event.says} --`);
          else {
            show(event);
            after = event.id;
          }
        }
      } catch (error) {
        if (!stop.signal.aborted) rethrowUnlessLost(error);
      }
      await pause(clock, stop.signal);
    }
  } finally {
    deaf();
  }
}

function rethrowUnlessLost(error: unknown): void {
  const isRefusal = error instanceof CliFailure && error.exit !== 'hubUnreachable';
  if (isRefusal || !(error instanceof Error)) throw error;
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const cancel = clock.after(AGAIN_MS, done);
    signal.addEventListener('abort', () => {
      cancel();
      done();
    });
  });
}
