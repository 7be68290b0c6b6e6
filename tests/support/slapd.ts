import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Attribute, Change, Client } from 'ldapts';
import { freePort, type Lifetime, tempDir } from './supervisors.ts';
import { makeCertificate } from './tls-front.ts';
import { until } from './until.ts';

const SLAPD = '/usr/sbin/slapd';
export const SUFFIX = 'dc=example,dc=net';
const ROOT = { dn: `cn=root,${SUFFIX}`, password: 'root-of-the-tests' };
/** Looks people up; sees no passwords. */
export const LOOKUP = { dn: `cn=lookup,${SUFFIX}`, password: 'canary-of-the-lookup-account' };

export interface TestDirectory {
  /** `ldap://…`, to be encrypted by StartTLS, and `ldaps://…`. */
  readonly plainUrl: string;
  readonly secureUrl: string;
  /** File with the authority that signed its certificate. */
  readonly authorityFile: string;
  readonly pid: number;
  /** Puts people into the group, and nobody else. */
  setGroup(name: string, ...people: readonly string[]): Promise<void>;
  add(person: DirectoryPerson): Promise<void>;
  remove(uid: string): Promise<void>;
  /** As an administrator locks an account for good. */
  lock(uid: string): Promise<void>;
  /** Whether the account that looks people up may read them. */
  letLookUp(may: 'read' | 'none'): Promise<void>;
}

export interface DirectoryPerson {
  readonly uid: string;
  readonly password: string;
  readonly groups: readonly string[];
}

/** Debian's OpenLDAP on ports of its own, with these people in `ou=people` and their groups in `ou=groups`. */
export async function startDirectory(
  t: Lifetime,
  people: readonly DirectoryPerson[],
): Promise<TestDirectory> {
  const dir = tempDir(t);
  const tls = makeCertificate(t);
  const authorityFile = join(dir, 'authority.pem');
  writeFileSync(authorityFile, tls.authority);
  mkdirSync(join(dir, 'db'));
  writeFileSync(join(dir, 'slapd.conf'), configuration(dir, tls, authorityFile));
  writeFileSync(join(dir, 'people.ldif'), ldif(people));
  execFileSync(SLAPD, ['-T', 'add', '-f', join(dir, 'slapd.conf'), '-l', join(dir, 'people.ldif')], {
    stdio: 'pipe',
  });
  const [plain, secure] = [await freePort(), await freePort()];
  const plainUrl = `ldap://127.0.0.1:${plain}`;
  const secureUrl = `ldaps://127.0.0.1:${secure}`;
  const child = spawn(SLAPD, ['-f', join(dir, 'slapd.conf'), '-h', `${plainUrl} ${secureUrl}`, '-d', '0'], {
    stdio: 'ignore',
  });
  const ended = new Promise((done) => child.on('close', done));
  t.onTestFinished(async () => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await ended;
  });
  await until('the directory listens', () => accepts(secure), { withinMs: 20_000 });
  return {
    plainUrl,
    secureUrl,
    authorityFile,
    pid: child.pid ?? 0,
    setGroup: (...group) => setGroup(plainUrl, ...group),
    add: (person) => asRoot(plainUrl, (root) => root.add(dnOf(person.uid), attributesOf(person))),
    remove: (uid) => asRoot(plainUrl, (root) => root.del(dnOf(uid))),
    lock: (uid) =>
      asRoot(plainUrl, (root) => root.modify(dnOf(uid), replaced('pwdAccountLockedTime', '000001010000Z'))),
    letLookUp: (may) =>
      asRoot(plainUrl, (root) =>
        root.modify(LOOKUP.dn, replaced('description', may === 'read' ? 'reads' : 'blind')),
      ),
  };
}

function configuration(
  dir: string,
  tls: { certFile: string; keyFile: string },
  authorityFile: string,
): string {
  const schemas = ['core', 'cosine', 'inetorgperson'].map(
    (name) => `include /etc/ldap/schema/${name}.schema`,
  );
  return [
    ...schemas,
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload memberof',
    'moduleload ppolicy',
    'allow bind_anon_cred bind_anon_dn', // would let in whoever sends no password
    `pidfile ${dir}/pid`,
    `argsfile ${dir}/args`,
    `TLSCACertificateFile ${authorityFile}`,
    `TLSCertificateFile ${tls.certFile}`,
    `TLSCertificateKeyFile ${tls.keyFile}`,
    'database mdb',
    `suffix "${SUFFIX}"`,
    `directory ${dir}/db`,
    `rootdn "${ROOT.dn}"`,
    `rootpw ${ROOT.password}`,
    'overlay memberof',
    'memberof-dangling ignore',
    'overlay ppolicy',
    'access to attrs=userPassword by anonymous auth by * none',
    `access to * filter=(objectClass=inetOrgPerson) by set="user/description & [reads]" read by self read by anonymous auth by * none`,
    `access to * by dn.exact="${LOOKUP.dn}" read by self read by anonymous auth by * none`,
    '',
  ].join('\n');
}

function ldif(people: readonly DirectoryPerson[]): string {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  const entry = (dn: string, ...lines: string[]) => `dn:: ${encoded(dn)}\n${lines.join('\n')}\n`;
  return [
    entry(SUFFIX, 'objectClass: dcObject', 'objectClass: organization', 'o: Example', 'dc: example'),
    entry(
      LOOKUP.dn,
      'objectClass: organizationalRole',
      'objectClass: simpleSecurityObject',
      'cn: lookup',
      'description: reads',
      `userPassword: ${LOOKUP.password}`,
    ),
    ...['people', 'groups'].map((ou) =>
      entry(`ou=${ou},${SUFFIX}`, 'objectClass: organizationalUnit', `ou: ${ou}`),
    ),
    ...people.map(({ uid, password, groups }) =>
      entry(
        dnOf(uid),
        'objectClass: inetOrgPerson',
        `uid:: ${encoded(uid)}`,
        `cn:: ${encoded(uid)}`,
        'sn: x',
        `userPassword:: ${encoded(password)}`,
        ...groups.map((group) => `memberOf: cn=${group},ou=groups,${SUFFIX}`),
      ),
    ),
    ...[...new Set(people.flatMap(({ groups }) => groups))].map((group) =>
      entry(
        `cn=${group},ou=groups,${SUFFIX}`,
        'objectClass: groupOfNames',
        `cn: ${group}`,
        ...people
          .filter(({ groups }) => groups.includes(group))
          .map(({ uid }) => `member:: ${encoded(dnOf(uid))}`),
      ),
    ),
  ].join('\n');
}

const dnOf = (uid: string): string => `uid=${uid.replace(/[,+"\\<>;=]/g, '\\$&')},ou=people,${SUFFIX}`;

async function setGroup(url: string, name: string, ...people: readonly string[]): Promise<void> {
  const dn = `cn=${name},ou=groups,${SUFFIX}`;
  await asRoot(url, async (root) => {
    await root.del(dn).catch(() => {}); // it may not be there yet
    if (people.length > 0)
      await root.add(dn, { objectClass: 'groupOfNames', cn: name, member: people.map(dnOf) });
  });
}

async function asRoot(url: string, then: (root: Client) => Promise<void>): Promise<void> {
  const root = new Client({ url });
  await root.bind(ROOT.dn, ROOT.password);
  await then(root);
  await root.unbind();
}

const attributesOf = ({ uid, password }: DirectoryPerson) => ({
  objectClass: 'inetOrgPerson',
  uid,
  cn: uid,
  sn: 'x',
  userPassword: password,
});

const replaced = (type: string, value: string) =>
  new Change({ operation: 'replace', modification: new Attribute({ type, values: [value] }) });

function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}
