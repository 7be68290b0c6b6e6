import type { LinkFailure } from '../../fleet/host.ts';
import { inEnglish, type Said, type SaidValue } from '../../fleet/said.ts';
import { SENTENCES } from '../../fleet/sentences.ts';
import { zhSentences } from '../messages/zh/sentences.ts';
import { bytesWithUnit, precisely } from './format.ts';
import type { Reader } from './reader.ts';
import { grouped } from './say.ts';

/** A sentence of the hub in the reader's language; `says` where the hub has no more than words. */
export function sentence(
  told: Said | undefined,
  says: string,
  reader: Pick<Reader, 'language' | 'say'>,
): string {
  // Only words, or a sentence of a newer hub than this page: as it came.
  if (told === undefined || !Object.hasOwn(SENTENCES, told.key)) return says;
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
  if (typeof value === 'string') return value;
  if (name.endsWith('Ms')) return precisely(value, reader);
  return /bytes$/i.test(name) ? bytesWithUnit(value) : grouped(value);
}

/** Why a host does not answer, and what mends it. */
export function failureWords(
  { says, said, mend, mendSaid }: Pick<LinkFailure, 'says' | 'said' | 'mend' | 'mendSaid'>,
  reader: Pick<Reader, 'language' | 'say'>,
): { readonly cause: string; readonly mend: string } {
  return { cause: sentence(said, says, reader), mend: sentence(mendSaid, mend, reader) };
}
