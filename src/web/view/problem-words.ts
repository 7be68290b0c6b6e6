import type { ProblemBody } from '../../api/contract.ts';
import { zhPhrases, zhPlaces, zhProblems } from '../messages/zh/problems.ts';
import type { Language } from './say.ts';

interface Fault {
  readonly where: string;
  readonly says: string;
  readonly hint?: string;
}

/** A problem of the API in the reader's language, as far as it is known there; said twice it is the same. */
export function problemIn(problem: ProblemBody, language: Language): ProblemBody {
  if (language !== 'zh') return problem;
  const { type, title, detail, problems } = problem;
  return {
    ...problem,
    title: zhProblems[String(type).slice(String(type).lastIndexOf('/') + 1)] ?? title,
    ...(detail === undefined ? {} : { detail: phrase(detail, language) }),
    ...(problems === undefined ? {} : { problems: problems.map(faultIn) }),
  };
}

/** The cause, then what mends it, each a sentence. */
export function problemWords(
  problem: ProblemBody,
  language: Language,
): { readonly cause: string; readonly mend: string } {
  const { title, detail, problems } = problemIn(problem, language);
  const isChinese = language === 'zh';
  const details = (problems ?? []).map((one) => faultWords(one, language));
  const cause = /[.!?。！？]$/.test(title) ? title : `${title}${isChinese ? '。' : '.'}`;
  return { cause, mend: [detail ?? '', ...details].filter(Boolean).join(isChinese ? '；' : ' ') };
}

/** The slug of a problem as words, where nothing else of it was kept. */
export function slugWords(slug: string, language: Language): string {
  return (language === 'zh' ? zhProblems[slug] : undefined) ?? slug.replaceAll('-', ' ');
}

/** A problem for a form whose fields say themselves what is wrong with them: what is left to say, and the fields' own. */
export function faultsShown(
  problem: ProblemBody,
  fields: ReadonlySet<string>,
  language: Language,
): {
  readonly problem: { readonly cause: string; readonly mend: string };
  readonly faults: Readonly<Record<string, string>>;
} {
  const faults: Record<string, string> = Object.create(null);
  const others = (problem.problems ?? []).filter(({ where, says, hint }) => {
    const name = where.split(/[.:]/).findLast((part) => !/^\d+$/.test(part)) ?? where;
    if (!fields.has(name)) return true;
    const told = [says, hint ?? ''].map((part) => phrase(part, language)).filter(Boolean);
    faults[name] = told.join(language === 'zh' ? '。' : '. ');
    return false;
  });
  const { problems: _all, ...rest } = problem;
  return {
    problem: problemWords(others.length === 0 ? rest : { ...rest, problems: others }, language),
    faults,
  };
}

/** A fault in something typed: where, what, and how to mend it. */
export function faultWords(fault: Fault, language: Language): string {
  const { where, says, hint = '' } = language === 'zh' ? faultIn(fault) : fault;
  const [colon, stop] = language === 'zh' ? ['：', '。'] : [': ', '. '];
  return `${where}${colon}${says}${hint === '' ? '' : `${stop}${hint}`}`;
}

/** A sentence of the API, and what stands in its gaps; as it came where no other language has it. */
export function phrase(says: string, language: Language): string {
  if (language !== 'zh') return says;
  const found = zhPhrases.find(([english]) => english.test(says));
  if (found === undefined) return says;
  const [, ...gaps] = found[0].exec(says) ?? [];
  return found[1].replace(/\$(\d)/g, (_all, nth: string) => phrase(gaps[Number(nth) - 1] ?? '', language));
}

/** Remarks as one text, `where what is wrong. How to mend it; …`, as a list of hosts that is read in gives them. */
export function remarkWords(text: string, language: Language): string {
  if (language !== 'zh' || phrase(text, language) !== text) return phrase(text, language);
  return text
    .split(NEXT_REMARK)
    .map((one) => {
      const [, where = '', says = '', hint] = /^(\S+) (.*?)(?:\. (.+))?$/.exec(one) ?? [];
      if (phrase(one, language) !== one || !Object.hasOwn(zhPlaces, where)) return phrase(one, language);
      return faultWords({ where, says, ...(hint === undefined ? {} : { hint }) }, language);
    })
    .join('；')
    .replaceAll('。；', '。');
}

const NEXT_REMARK = new RegExp(`; (?=(?:${Object.keys(zhPlaces).join('|')}) )`);

function faultIn({ where, says, hint }: Fault): Fault {
  const [first = '', ...rest] = where.split(':');
  const told = hint === undefined ? {} : { hint: phrase(hint, 'zh') };
  return { where: [zhPlaces[first] ?? first, ...rest].join(' '), says: phrase(says, 'zh'), ...told };
}
