import type { UserIds } from './config.ts';
import type { UserDirectory, UserRecord } from './files.ts';
import { good, type Reader, type Reading, wrong } from './reading.ts';
import { integer } from './values.ts';

/** A user by name or number, with the primary group. Contract: CFG-109. */
export function userOf(users: UserDirectory): Reader<UserIds> {
  return (text) => {
    const id = integer(text);
    const found = id.ok ? users.userById(id.value) : users.userByName(text);
    if (found !== undefined) return good(idsOf(found));
    const kind = id.ok ? 'id' : 'name';
    return wrong(`Invalid user ${kind} ${text}`, 'name a user of this machine (see getent passwd)');
  };
}

/** `user` or `user:group`, by name or number; -1 leaves the group as it is. Contract: CFG-110. */
export function ownerOf(
  users: UserDirectory,
  says: (text: string) => string,
): Reader<{ uid: number; gid: number }> {
  return (text) => {
    const colon = text.indexOf(':');
    const user = userOf(users)(colon < 0 ? text : text.slice(0, colon));
    const gid = colon < 0 ? good(-1) : groupIdOf(users, text.slice(colon + 1));
    if (user.ok && gid.ok) return good({ uid: user.value.uid, gid: gid.value });
    return wrong(says(text), 'use user or user:group, both known on this machine');
  };
}

function groupIdOf(users: UserDirectory, text: string): Reading<number> {
  const id = integer(text);
  const found = id.ok ? users.groupById(id.value) : users.groupByName(text);
  return found === undefined ? wrong(`Invalid group ${id.ok ? 'id' : 'name'} ${text}`) : good(found.gid);
}

function idsOf({ name, uid, gid }: UserRecord): UserIds {
  return { name, uid, gid };
}
