import type { LinkFailure } from '../../fleet/host.ts';
import { inEnglish, type Said, type SaidValue } from '../../fleet/said.ts';
import { SENTENCES, type SentenceKey } from '../../fleet/sentences.ts';
import { zhSentences } from '../messages/zh/sentences.ts';
import { bytesWithUnit, exactly } from './format.ts';
import { phrase } from './problem-words.ts';
import type { Reader } from './reader.ts';
import { grouped } from './say.ts';

/** A sentence of the hub in the reader's language; `says` where the hub has no more than words. */
export function sentence(
  told: Said | undefined,
  says: string,
  reader: Pick<Reader, 'language' | 'say'>,
): string {
  // Only words, or a sentence of a newer hub than this page: as far as they are known.
  if (told === undefined || !Object.hasOwn(SENTENCES, told.key))
    return reader.language === 'zh' ? spoken(says, reader) : says;
  return reader.language === 'zh' ? inChinese(told, reader) : inEnglish(told);
}

function inChinese({ key, values }: Said, reader: Pick<Reader, 'language' | 'say'>): string {
  return zhSentences[key].replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    return value === undefined ? gap : valueText(name, value, reader);
  });
}

function valueText(name: string, value: SaidValue, reader: Pick<Reader, 'language' | 'say'>): string {
  if (typeof value === 'object') return inChinese(value, reader);
  if (typeof value === 'string') return spoken(value, reader);
  if (name.endsWith('Ms')) return exactly(value, reader);
  return /bytes$/i.test(name) ? bytesWithUnit(value) : grouped(value);
}

/** What an event or an answer holds in words alone, though the hub said it: the sentence is found again by its words. */
function spoken(says: string, reader: Pick<Reader, 'language' | 'say'>): string {
  const phrased = phrase(says, 'zh');
  if (phrased !== says) return phrased;
  for (const { key, pattern } of SPOKEN) {
    const values = pattern.exec(says);
    if (values !== null) return inChinese({ key, values: { ...values.groups } }, reader);
  }
  return says;
}

/** Those that events and answers are known to hold, and that are more than gaps. */
const SPOKEN = (Object.keys(SENTENCES) as SentenceKey[])
  .filter((key) => /^(?:link|call|host|tail)\./.test(key))
  .map((key) => ({
    key,
    pattern: new RegExp(
      `^${SENTENCES[key].replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>.*?)')}$`,
    ),
  }));

/** Why a host does not answer, and what mends it. */
export function failureWords(
  { says, said, mend, mendSaid }: Pick<LinkFailure, 'says' | 'said' | 'mend' | 'mendSaid'>,
  reader: Pick<Reader, 'language' | 'say'>,
): { readonly cause: string; readonly mend: string } {
  return { cause: sentence(said, says, reader), mend: sentence(mendSaid, mend, reader) };
}
