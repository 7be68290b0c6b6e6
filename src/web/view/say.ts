import { en, type MessageKey } from '../messages/en.ts';
import { zh } from '../messages/zh.ts';

export type Values = Readonly<Record<string, string | number>>;
/** A message in the reader's language; `{name}` takes its value, `one|many` chooses by `n`. */
export type Say = (key: MessageKey, values?: Values) => string;
export type Language = 'en' | 'zh';

const TABLES: Record<Language, Readonly<Record<MessageKey, string>>> = { en, zh };

export function sayIn(language: Language): Say {
  const table = TABLES[language];
  return (key, values = {}) => fill(choose(table[key], values.n), values);
}

function choose(text: string, n: string | number | undefined): string {
  const bar = text.indexOf('|');
  if (bar < 0) return text;
  return Number(n) === 1 ? text.slice(0, bar) : text.slice(bar + 1);
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? grouped(value) : value;
  });
}

/** `12345` → `12,345`. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The language asked for by cookie, else by the browser, else English. */
export function languageOf(cookie: string | undefined, accepts: string | undefined): Language {
  if (cookie === 'en' || cookie === 'zh') return cookie;
  return /^zh\b/i.test(accepts ?? '') ? 'zh' : 'en';
}
