import { durationMs } from '../config.ts';
import { type HubVerb, option, type VerbArgs, type VerbPlace } from './verb.ts';

const NAME = /^[\p{L}\p{N}._-]{1,64}$/u;
const LONGEST_MS = 7 * 24 * 3_600_000;

export const JOIN_TOKEN_OPTIONS = ['--uses', '--ttl', '--env', '--tag'] as const;

export const joinToken: HubVerb = {
  name: 'join-token',
  usage: 'join-token [--uses N] [--ttl 1h] [--env NAME] [--tag NAME]… [--json]',
  help: 'make a token with which agents join; shown once',
  options: JOIN_TOKEN_OPTIONS,
  switches: ['--json'],
  run(args, at) {
    const made = issueJoinToken(args, at);
    if (made === null) return 2;
    at.out(args.switches.has('--json') ? JSON.stringify(made) : made.token);
    return 0;
  },
};

/** A token as the options order it; null after having said what is wrong with them. */
export function issueJoinToken(
  args: VerbArgs,
  { store, clock, problem }: VerbPlace,
): {
  readonly id: string;
  readonly token: string;
  readonly uses: number;
  readonly expiresAtMs: number;
} | null {
  const uses = Number(option(args, '--uses') ?? '1');
  const ttlMs = durationMs(option(args, '--ttl') ?? '1h');
  const environment = option(args, '--env') ?? null;
  const tags = args.options.get('--tag') ?? [];
  const problems = [
    Number.isInteger(uses) && uses >= 1 && uses <= 10_000 ? '' : '--uses: a whole number from 1 to 10000',
    ttlMs !== null && ttlMs > 0 && ttlMs <= LONGEST_MS ? '' : '--ttl: as in 30m or 1h, at most 7d',
    [environment, ...tags].every((name) => name === null || NAME.test(name))
      ? ''
      : '--env, --tag: letters, digits, ".", "_" and "-"',
  ].filter((says) => says !== '');
  if (problems.length > 0) {
    problems.forEach(problem);
    return null;
  }
  const nowMs = clock.wallMs();
  const expiresAtMs = nowMs + (ttlMs ?? 0);
  const { id, token } = store.joinTokens.issue(
    { uses, expiresAtMs, environment, tags, by: 'the hub’s console' },
    nowMs,
  );
  return { id, token, uses, expiresAtMs };
}
