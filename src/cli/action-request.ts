import type { ActionRequest } from '../api/contract.ts';
import { isHostVerb, type Verb } from '../fleet/action.ts';
import { parseSignal } from '../fleet/signal.ts';
import { CliFailure } from './failure.ts';
import { hostSelectorFrom, selectorFrom } from './selector-words.ts';
import type { Given } from './verb.ts';

/** The words after a verb as what the hub is asked for. Throws `usage` and `badSelector`. */
export function requestFrom(verb: Verb, words: readonly string[], given: Given): ActionRequest {
  if (isHostVerb(verb)) return { verb, selector: hostSelectorFrom(words, given) };
  if (verb !== 'signal') return { verb, selector: selectorFrom(words, given) };
  const [name = '', ...rest] = words;
  const signal = parseSignal(name);
  if (signal.ok) return { verb, signal: signal.value, selector: selectorFrom(rest, given) };
  const [problem] = signal.problems;
  throw new CliFailure('usage', problem.says, problem.hint ?? '');
}
