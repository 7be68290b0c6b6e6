import type { UserView } from '../../../api/contract.ts';
import { fullTime } from '../format.ts';
import type { Reader } from '../reader.ts';
import { grantsInWords } from './grant-words.ts';
import { type PartMaker, shown } from './part.ts';
import { reads } from './reads.ts';
import { seenWords } from './sessions.ts';

export const peoplePart: PartMaker = (_world, reader, { get }) => ({
  title: reader.say('settings.people'),
  template: 'pages/people',
  model: { users: shown(get(reads.users()), (users) => users.map((user) => personLine(user, reader))) },
});

export function personLine(user: UserView, reader: Reader) {
  return {
    id: user.id,
    name: user.name,
    link: `/settings/people/${encodeURIComponent(user.id)}`,
    you: user.name === reader.user,
    may: grantsInWords(user.grants, reader),
    scopes: user.grants.map(({ role, scope }) => `${role} ${scope}`).join('\n'),
    disabled: user.disabled,
    door: user.signsInBy === 'local' ? '' : reader.say(`people.by.${user.signsInBy}`),
    groups:
      user.signsInBy === 'local'
        ? ''
        : reader.say(user.grants.length > 0 ? 'people.fromGroups' : 'people.fromNoGroups', {
            groups: user.groups.join(', ') || '–',
          }),
    secondFactor: user.secondFactor,
    seen: seenWords(user.seenAtMs, reader),
    seenTitle: user.seenAtMs === null ? '' : fullTime(user.seenAtMs, reader),
    since: fullTime(user.createdAtMs, reader),
  };
}
