import type { z } from 'zod';

type Raw = z.core.$ZodRawIssue;

/** What is wrong with a value, for those who sent it; undefined leaves it to the schema's own words. */
export function issueText(issue: Raw): string | undefined {
  switch (issue.code) {
    case 'too_small':
      return bound(issue, Number(issue.minimum), 'at least');
    case 'too_big':
      return bound(issue, Number(issue.maximum), 'at most');
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `is not known here: ${issue.keys.join(', ')}`;
    default:
      return undefined;
  }
}

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

function bound({ origin }: { readonly origin: string }, limit: number, how: 'at least' | 'at most'): string {
  const unit = UNITS[origin];
  if (unit === undefined) return `must be ${how} ${limit}`;
  if (limit === 1 && how === 'at least') return 'is empty';
  return `must have ${how} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

const article = (type: string): string =>
  type === 'int' ? 'a whole number' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
