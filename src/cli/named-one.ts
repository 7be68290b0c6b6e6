import { CliFailure } from './failure.ts';

/** The one of this name or id; case makes no difference. Throws CliFailure when there is none. */
export function namedOne<T extends { readonly id: string; readonly name: string }>(
  all: readonly T[],
  name: string,
  { what, see }: { readonly what: string; readonly see: string },
): T {
  const found = all.find((one) => one.id === name || one.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new CliFailure('nothing', `no ${what} is called "${name}"`, `See: ${see}`);
  return found;
}
