import type { Directory } from './directory.ts';
import type { Federation, Welcome } from './federation.ts';

export type DoorAnswer =
  | Welcome
  | { readonly kind: 'wrong' }
  | { readonly kind: 'unavailable'; readonly says: string };

/** Lets in whom a directory vouches for. */
export interface DirectoryDoor {
  check(user: string, password: string): Promise<DoorAnswer>;
}

export function directoryDoor(
  directory: Pick<Directory, 'check'>,
  federation: Pick<Federation, 'welcome'>,
): DirectoryDoor {
  return {
    async check(user, password) {
      const answer = await directory.check(user, password);
      return answer.kind === 'vouched' ? federation.welcome(answer.vouched) : answer;
    },
  };
}
