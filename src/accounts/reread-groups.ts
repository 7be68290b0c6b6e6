import type { Cancel, Clock } from '../clock.ts';
import type { UserRow } from '../store/users.ts';
import type { AccountStore } from './account-store.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Directory } from './directory.ts';
import type { Federation, Regranted } from './federation.ts';

/** How far the groups of a directory are known. */
export interface GroupsRead {
  /** When they were last read; null: not since the hub started. */
  readonly atMs: number | null;
  /** Why they could not be read again since; null: they could. */
  readonly says: string | null;
}

export interface RereadPorts {
  readonly store: Pick<AccountStore, 'users'>;
  readonly federation: Pick<Federation, 'heardAgain' | 'rolesAgain'>;
  /** Null: none, or one that shows people to themselves alone. */
  readonly directory: Pick<Directory, 'readAgain'> | null;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Hears once of each new reason why groups cannot be read, and with null that they can again. */
  readonly failing: (says: string | null) => void;
  readonly bug: (error: unknown) => void;
}

/**
 * Asks the directory now and then what people may by now, and the file of roles what their groups give: who lost
 * something loses it then, open pages and streams too. A directory that cannot be asked takes nothing from anybody.
 */
export class RereadGroups {
  readonly #ports: RereadPorts;
  #read: GroupsRead = { atMs: null, says: null };
  #cancel: Cancel = () => {};
  #isClosed = false;

  constructor(ports: RereadPorts) {
    this.#ports = ports;
  }

  /** Null: there is no directory that could be asked. */
  read(): GroupsRead | null {
    return this.#ports.directory === null ? null : this.#read;
  }

  /** One round after the other, the first at once. */
  every(ms: number): Cancel {
    const round = (): void => {
      this.once()
        .catch(this.#ports.bug)
        .finally(() => {
          if (!this.#isClosed) this.#cancel = this.#ports.clock.after(ms, round);
        });
    };
    round();
    return () => {
      this.#isClosed = true;
      this.#cancel();
    };
  }

  async once(): Promise<void> {
    const { store, federation, directory } = this.#ports;
    const people = store.users.all().filter((user) => user.subject !== null && !user.disabled);
    const asked = directory === null ? [] : people.filter(({ source }) => source === 'ldap');
    for (const user of people) if (!asked.includes(user)) this.#tell(federation.rolesAgain(user), user);
    if (directory === null) return;
    const answer = await directory.readAgain(
      asked.map(({ subject, name }) => ({ subject: subject ?? '', name })),
    );
    if (this.#isClosed) return;
    if (answer.kind === 'unavailable') return this.#failed(answer.says);
    for (const user of asked) {
      const now = store.users.byId(user.id); // as it is by now: others may have changed it meanwhile
      const told = answer.found.get(user.subject ?? '');
      if (now?.subject === user.subject && told !== undefined)
        this.#tell(federation.heardAgain(now, told), now);
    }
    if (this.#read.says !== null) this.#ports.failing(null);
    this.#read = { atMs: this.#ports.clock.wallMs(), says: null };
  }

  #failed(says: string): void {
    if (this.#read.says !== says) this.#ports.failing(says);
    this.#read = { ...this.#read, says };
  }

  #tell(change: Regranted | null, { source }: Pick<UserRow, 'source'>): void {
    if (change === null) return;
    const { name, before, after } = change;
    const doer = { actor: '', way: 'hub', address: '' };
    const deed = { what: 'groups read again', target: name, detail: { by: source } };
    this.#ports.audit.end(null, doer, deed, 'done', { before: { grants: before }, after: { grants: after } });
  }
}
