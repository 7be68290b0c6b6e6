import type { Clock } from '../clock.ts';
import type { LoginWish } from './credentials.ts';
import type { ExitName } from './exit-status.ts';
import type { HubApi } from './hub-api.ts';
import type { CliIo } from './io.ts';

/** What a verb works with. `hub` is found and signed in to when first asked for. */
export interface CliContext {
  readonly io: CliIo;
  readonly clock: Clock;
  readonly login: LoginWish;
  /** `--json`: the API's own answers instead of text. */
  readonly output: 'text' | 'json';
  hub(): HubApi;
  /** Runs another command line with the same login, and tells what went wrong with it. Never throws for that. */
  runWords(words: readonly string[]): Promise<ExitName>;
}

/** What was given on the command line, by option name in camel case. */
export type Given = Readonly<Record<string, unknown>>;

/** One command of the fleet CLI. */
export interface FleetVerb {
  /** `hosts add`: one word per level. */
  readonly name: string;
  /** What follows the name: `[SELECTOR...]`. */
  readonly words: string;
  readonly summary: string;
  /** Taught below the options. */
  readonly examples: readonly string[];
  readonly options: readonly (readonly [flags: string, says: string])[];
  /** What its words complete to. */
  readonly completes:
    | 'targets'
    | 'hosts'
    | 'actions'
    | 'alerts'
    | 'rules'
    | 'channels'
    | 'schedules'
    | 'none';
  run(words: readonly string[], given: Given, context: CliContext): Promise<ExitName>;
}

/** An option that takes text, as given. */
export function textOption(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}

/** An option that may be repeated. */
export function listOption(given: Given, name: string): readonly string[] {
  const value = given[name];
  return Array.isArray(value) ? value.map(String) : [];
}
