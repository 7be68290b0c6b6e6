import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectSecure } from 'node:tls';
import {
  Client,
  type Entry,
  InvalidCredentialsError,
  NoSuchObjectError,
  SizeLimitExceededError,
} from 'ldapts';
import type { Clock } from '../clock.ts';
import {
  BARRED_ATTRIBUTES,
  first,
  IDENTITY_ATTRIBUTES,
  isBarred,
  list,
  subjectAt,
  subjectOf,
} from './directory-entry.ts';
import { dnValue, filterValue, firstName } from './directory-text.ts';
import type { Vouched } from './federation.ts';

export interface DirectoryOptions {
  readonly url: string;
  readonly startTls: boolean;
  /** PEM; null: the authorities the system knows. */
  readonly authority: string | null;
  readonly account: { readonly dn: string; readonly password: string } | null;
  readonly userDn: string | null;
  readonly base: string;
  readonly userFilter: string;
  readonly nameAttribute: string;
  readonly groupBase: string | null;
  readonly groupFilter: string;
  readonly timeoutMs: number;
}

export type DirectoryAnswer =
  | { readonly kind: 'vouched'; readonly vouched: Vouched }
  /** There is nobody of that name, or the password is another: nobody outside is told which. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'unavailable'; readonly says: string };

/** Somebody the directory vouched for once, to be asked for again. */
export interface KnownThere {
  readonly subject: string;
  readonly name: string;
}

export type ReadAgain =
  /** By subject; null: not there any more, or barred from signing in. */
  | { readonly kind: 'read'; readonly found: ReadonlyMap<string, Vouched | null> }
  | { readonly kind: 'unavailable'; readonly says: string };

const MOST_AT_ONCE = 20;
const MOST_GROUPS = 500;

/** Checks passwords by binding to an LDAP directory as whoever gives one. Answers within its time, whatever hangs. */
export class Directory {
  readonly #options: DirectoryOptions;
  readonly #clock: Clock;
  #running = 0;

  constructor(options: DirectoryOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** An empty password is wrong: a directory takes it for nobody in particular, and lets nobody in particular in. */
  async check(user: string, password: string): Promise<DirectoryAnswer> {
    if (user === '' || password === '') return { kind: 'wrong' };
    if (this.#running >= MOST_AT_ONCE) return { kind: 'unavailable', says: 'too many wait for it already' };
    this.#running++;
    const line = openLine(this.#options);
    try {
      return await this.#inTime(this.#ask(line.client, user, password), line.destroy);
    } catch (error) {
      return { kind: 'unavailable', says: wordsOf(error) };
    } finally {
      line.destroy();
      this.#running--;
    }
  }

  /** Whether there is an account that may look, and a place to look in: without them people are seen at sign-in alone. */
  canReadAgain(): boolean {
    return this.#options.account !== null && this.#options.base !== '';
  }

  /** Looks people up again as the account, without their passwords. What cannot be known of one is known of none. */
  async readAgain(people: readonly KnownThere[]): Promise<ReadAgain> {
    const line = openLine(this.#options);
    const inTime = <T>(work: Promise<T>): Promise<T> => this.#inTime(work, line.destroy);
    const found = new Map<string, Vouched | null>();
    try {
      await inTime(this.#introduce(line.client));
      for (const one of people) found.set(one.subject, await inTime(this.#again(line.client, one)));
      const isAnybodyGone = [...found.values()].includes(null);
      if (isAnybodyGone && !(await inTime(this.#showsAnybody(line.client))))
        return { kind: 'unavailable', says: `it shows nobody at all below ${this.#options.base}` };
      return { kind: 'read', found };
    } catch (error) {
      return { kind: 'unavailable', says: wordsOf(error) };
    } finally {
      line.destroy();
    }
  }

  async #introduce(client: Client): Promise<void> {
    await this.#secure(client);
    await this.#bindAccount(client);
  }

  /** Whoever the filter of people leaves out is gone: it often asks for those who are still employed. */
  async #again(client: Client, { subject, name }: KnownThere): Promise<Vouched | null> {
    const at = subjectAt(subject);
    const isPerson = anybody(this.#options.userFilter);
    const { searchEntries } = await client
      .search('dn' in at ? at.dn : this.#options.base, {
        scope: 'dn' in at ? 'base' : 'sub',
        filter: 'dn' in at ? isPerson : `(&${at.filter}${isPerson})`,
        attributes: [...this.#attributes(), ...BARRED_ATTRIBUTES],
        explicitBufferAttributes: ['objectGUID'],
      })
      .catch(nothingThere);
    const [entry] = searchEntries;
    if (entry === undefined || searchEntries.length > 1 || isBarred(entry, this.#clock.wallMs())) return null;
    const user = first(entry[this.#options.nameAttribute]) ?? name;
    return { source: 'ldap', subject, name: user, groups: await this.#groups(client, entry, user) };
  }

  /** An account that lost its own rights sees an empty directory: that is no word about anybody. */
  async #showsAnybody(client: Client): Promise<boolean> {
    const { base, userFilter } = this.#options;
    const filter = anybody(userFilter);
    try {
      const found = client.search(base, { scope: 'sub', filter, attributes: ['1.1'], sizeLimit: 1 });
      return (await found.catch(nothingThere)).searchEntries.length > 0;
    } catch (error) {
      if (error instanceof SizeLimitExceededError) return true;
      throw error;
    }
  }

  async #secure(client: Client): Promise<void> {
    const { startTls, url } = this.#options;
    if (startTls && url.startsWith('ldap:')) await client.startTLS(tlsOptions(this.#options));
  }

  #attributes(): string[] {
    return [this.#options.nameAttribute, 'memberOf', ...IDENTITY_ATTRIBUTES];
  }

  async #ask(client: Client, user: string, password: string): Promise<DirectoryAnswer> {
    const { userDn } = this.#options;
    await this.#secure(client);
    const dn = userDn === null ? await this.#find(client, user) : filled(userDn, user, dnValue);
    if (dn === null || !(await bindsAs(client, dn, password))) return { kind: 'wrong' };
    const entry = await this.#entry(client, dn, user);
    if (entry === null) return { kind: 'unavailable', says: `it lets ${dn} in, but does not show the entry` };
    const groups = await this.#groups(client, entry, user);
    const name = first(entry[this.#options.nameAttribute]) ?? user;
    return { kind: 'vouched', vouched: { source: 'ldap', subject: subjectOf(entry), name, groups } };
  }

  /** Where the entry of that name is; null: there is none, or more than one. */
  async #find(client: Client, user: string): Promise<string | null> {
    await this.#bindAccount(client);
    const { base, userFilter } = this.#options;
    const filter = filled(userFilter, user, filterValue);
    const { searchEntries } = await client.search(base, {
      scope: 'sub',
      filter,
      attributes: ['1.1'],
      sizeLimit: 2,
    });
    return searchEntries.length === 1 ? (searchEntries[0]?.dn ?? null) : null;
  }

  /** As the person sees it; by a name that is no DN it is searched for. */
  async #entry(client: Client, dn: string, user: string): Promise<Entry | null> {
    const { base, userFilter } = this.#options;
    const attributes = this.#attributes();
    const explicitBufferAttributes = ['objectGUID'];
    const found = dn.includes('=')
      ? await client.search(dn, { scope: 'base', attributes, explicitBufferAttributes })
      : await client.search(base, {
          scope: 'sub',
          filter: filled(userFilter, user, filterValue),
          attributes,
          explicitBufferAttributes,
          sizeLimit: 2,
        });
    return found.searchEntries.length === 1 ? (found.searchEntries[0] ?? null) : null;
  }

  /** By their DN and by their first name; what is in both forms is for the file of roles to choose from. */
  async #groups(client: Client, entry: Entry, user: string): Promise<string[]> {
    const { groupBase, groupFilter } = this.#options;
    if (groupBase === null) return list(entry.memberOf).flatMap((dn) => [dn, firstName(dn)]);
    if (this.#options.account !== null) await this.#bindAccount(client);
    const filter = filled(groupFilter, user, filterValue).replaceAll('{dn}', () => filterValue(entry.dn));
    const attributes = ['1.1'];
    const { searchEntries } = await client.search(groupBase, {
      scope: 'sub',
      filter,
      attributes,
      sizeLimit: MOST_GROUPS,
    });
    return searchEntries.flatMap(({ dn }) => [dn, firstName(dn)]);
  }

  async #bindAccount(client: Client): Promise<void> {
    const { account } = this.#options;
    if (account !== null && !(await bindsAs(client, account.dn, account.password)))
      throw new Error('it does not take the password of the account that looks people up (--ldap-bind-dn)');
  }

  #inTime<T>(work: Promise<T>, giveUp: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(this.#options.timeoutMs, () => {
        giveUp();
        reject(new Error('it does not answer'));
      });
      work.then(resolve, reject).finally(cancel);
    });
  }
}

async function bindsAs(client: Client, dn: string, password: string): Promise<boolean> {
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (error instanceof InvalidCredentialsError) return false;
    throw error;
  }
}

/**
 * One connection and no other: a client that connected anew by itself would go on in the clear after a connection
 * that StartTLS had encrypted was cut.
 */
function openLine(options: DirectoryOptions): { readonly client: Client; destroy(): void } {
  let open: Socket | null = null;
  const once = <S extends Socket>(connect: () => S): S => {
    if (open !== null) throw new Error('the connection was cut');
    const socket = connect();
    open = socket;
    return socket;
  };
  const { hostname, protocol, port } = new URL(options.url);
  const at = { host: bare(hostname), port: Number(port || (protocol === 'ldaps:' ? 636 : 389)) };
  const secure = {
    createSecureConnection: () => once(() => connectSecure({ ...at, ...tlsOptions(options) })),
  };
  const client = new Client({
    url: options.url,
    timeout: options.timeoutMs,
    connectTimeout: options.timeoutMs,
    strictDN: false,
    createConnection: () => once(() => connectPlain(at)),
    ...(protocol === 'ldaps:' ? secure : {}),
  });
  return { client, destroy: () => void open?.destroy() };
}

function tlsOptions({ url, authority }: DirectoryOptions): ConnectionOptions {
  const host = bare(new URL(url).hostname);
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authority === null ? {} : { ca: authority }),
  };
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** The filter of people without a name: whoever of them has one. */
const anybody = (userFilter: string): string => userFilter.replaceAll('{user}', '*');

function nothingThere(error: unknown): { readonly searchEntries: Entry[] } {
  if (error instanceof NoSuchObjectError) return { searchEntries: [] };
  throw error;
}

function filled(template: string, user: string, escaped: (text: string) => string): string {
  return template.replaceAll('{user}', () => (template.includes('=') ? escaped(user) : user));
}

/** One line, without what the directory adds for machines. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  const words = error.message.split('\n').at(-1) ?? '';
  return `${words.startsWith(code.slice(0, -2)) ? '' : code}${words || error.name}`.slice(0, 300);
}
