import type { LengthUnit, ListenerPoolConfig } from './config.ts';
import { SUBSCRIBABLE_EVENTS } from './event-types.ts';
import { nearestHint } from './nearest-name.ts';
import { good, type Reader, wrong } from './reading.ts';
import type { SectionReader } from './section-reader.ts';
import { integer, listOfStrings, yesOrNo } from './values.ts';

const DEFAULT_HANDLER = 'supervisor.dispatchers:default_handler';

/** What a pool has beyond its processes. Contract: CFG-217 to CFG-221. */
export function readPoolOptions(
  reader: SectionReader,
): Pick<ListenerPoolConfig, 'priority' | 'bufferSize' | 'lengthIn' | 'events'> {
  const { section } = reader;
  const priority = reader.value('priority', integer, -1);
  const bufferSize = reader.value('buffer_size', bufferSizeOf(section), 10);
  const lengthIn = reader.value('length_in', lengthUnit(section), 'bytes');
  reader.value('result_handler', resultHandler(section), null);
  const events = readEvents(reader);
  if (reader.value('redirect_stderr', yesOrNo, false)) {
    reader.complain('redirect_stderr', {
      says: `[${section}] section sets redirect_stderr=true but this is not allowed because it will interfere with the eventlistener protocol`,
      hint: 'remove redirect_stderr from this listener',
    });
  }
  return { priority, bufferSize, lengthIn, events };
}

function readEvents(reader: SectionReader): readonly string[] {
  const before = reader.problemCount();
  const names = [...new Set(listOfStrings(reader.text('events') ?? '').map((name) => name.toUpperCase()))];
  if (names.length === 0 && reader.problemCount() === before) {
    const says = `[${reader.section}] section requires an "events" line`;
    reader.complain('events', { says, hint: 'add events=, for example PROCESS_STATE or TICK_60' });
  }
  for (const name of names.filter((unknown) => !SUBSCRIBABLE_EVENTS.has(unknown))) {
    const says = `Unknown event type ${name} in [${reader.section}] events`;
    reader.complain('events', { says, ...nearestHint(name, SUBSCRIBABLE_EVENTS) });
  }
  return names;
}

/** Beyond supervisord, which always sends characters. */
function lengthUnit(section: string): Reader<LengthUnit> {
  return (text) =>
    text === 'bytes' || text === 'characters'
      ? good(text)
      : wrong(`[${section}] section sets invalid length_in (${text})`, 'use bytes or characters');
}

function bufferSizeOf(section: string): Reader<number> {
  return (text) => {
    const size = integer(text);
    if (!size.ok || size.value >= 1) return size;
    return wrong(`[${section}] section sets invalid buffer_size (${size.value})`, 'use 1 or more');
  };
}

/** Handlers are Python code; only the built-in one can be honoured. */
function resultHandler(section: string): Reader<string> {
  return (text) =>
    text === DEFAULT_HANDLER
      ? good(text)
      : wrong(
          `${text} cannot be resolved within [${section}]`,
          'only the default result handler is built in',
        );
}
