import { bytesText } from './bytes-text.ts';
import { durationText } from './duration-text.ts';
import { SENTENCES, type SentenceKey } from './sentences.ts';

/**
 * A sentence by what it says: which one, and what stands in its gaps. Whoever shows it words it in the reader's language.
 * Names carry their unit: `…Ms` is a duration, `…Bytes` a size. A value may be a sentence itself.
 */
export interface Said {
  readonly key: SentenceKey;
  readonly values: SaidValues;
}
export type SaidValue = string | number | Said;
export type SaidValues = Readonly<Record<string, SaidValue>>;

/** What is said in words, and by what it says where the hub itself said it. */
export interface Told {
  readonly says: string;
  readonly said?: Said;
}

export function told(key: SentenceKey, values: SaidValues = {}): Told {
  const what = said(key, values);
  return { says: inEnglish(what), said: what };
}

/** To stand in the gap of another sentence. */
export function asValue({ says, said: what }: Told): SaidValue {
  return what ?? says;
}

export function said(key: SentenceKey, values: SaidValues = {}): Said {
  return { key, values };
}

/** As the API and the CLI say it. */
export function inEnglish({ key, values }: Said): string {
  return SENTENCES[key].replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    return value === undefined ? gap : englishValue(name, value);
  });
}

function englishValue(name: string, value: SaidValue): string {
  if (typeof value === 'object') return inEnglish(value);
  if (typeof value === 'number' && name.endsWith('Ms')) return durationText(value);
  if (typeof value === 'number' && /bytes$/i.test(name)) return bytesText(value);
  return String(value);
}
