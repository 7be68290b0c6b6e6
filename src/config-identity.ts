import {
  type ConfigProblem,
  duration,
  type Environment,
  optionalText,
  type Read,
  type Row,
  secretFrom,
  text,
  textOrNull,
  type Value,
  yes,
} from './config-values.ts';

/** A provider of OpenID Connect. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  readonly scopes: string;
  /** Claim with the names of a person's groups; a dot leads into it: `realm_access.roles`. */
  readonly groupClaim: string;
  /** Claim with the name a person gets here at the first sign-in. */
  readonly nameClaim: string;
  /** Of the button on the sign-in page. */
  readonly label: string;
}

/** A directory that speaks LDAP. In filters and names `{user}` and `{dn}` are replaced, escaped. */
export interface DirectoryConfig {
  readonly url: string;
  /** Of an `ldap://` address: whether the connection is encrypted before anything is sent. */
  readonly startTls: boolean;
  /** PEM of one's own authority; null: those the system knows. */
  readonly authorityFile: string | null;
  /** Who looks people up; null: nobody, `userDn` says where they are. */
  readonly account: { readonly dn: string; readonly password: string } | null;
  readonly userDn: string | null;
  readonly base: string;
  readonly userFilter: string;
  readonly nameAttribute: string;
  /** Where groups are searched; null: `memberOf` of the person tells them. */
  readonly groupBase: string | null;
  readonly groupFilter: string;
  readonly timeoutMs: number;
}

const address =
  (schemes: readonly string[]) =>
  (value: string): Read => {
    if (value === '') return { value: null };
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !schemes.includes(url.protocol) || url.username !== '' || url.hash !== '')
      return { says: `must look like ${schemes[0]}//name.example.net, not ${JSON.stringify(value)}` };
    return { value };
  };

const row = (flag: string, written: string, help: string, read: Row['read'] = optionalText): Row => {
  const env = `FLEETVISOR_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`;
  return { flag, env, written, help, read };
};

/** Settings of how people sign in besides a password kept by the hub. */
export const IDENTITY_ROWS = {
  publicUrl: row(
    '--public-url',
    '',
    'the hub as people reach it, as in https://fleet.example.net',
    address(['https:', 'http:']),
  ),
  groupRolesFile: row(
    '--group-roles',
    '',
    'file of lines like "web-team -> operator@env=stage/web:*", for OIDC and LDAP',
  ),
  oidcIssuer: row(
    '--oidc-issuer',
    '',
    'provider of single sign-on (OpenID Connect)',
    address(['https:', 'http:']),
  ),
  oidcClientId: row('--oidc-client-id', '', 'how the provider knows the hub'),
  oidcClientSecretFile: row(
    '--oidc-client-secret-file',
    '',
    'file with its secret; or the secret itself in FLEETVISOR_OIDC_CLIENT_SECRET',
  ),
  oidcScopes: row('--oidc-scopes', 'openid profile email', 'what is asked of the provider', text),
  oidcGroupClaim: row('--oidc-group-claim', 'groups', 'claim with the names of groups', text),
  oidcNameClaim: row(
    '--oidc-name-claim',
    'preferred_username',
    'claim with the name a person gets here',
    text,
  ),
  oidcLabel: row('--oidc-label', 'Single sign-on', 'words on the button', text),
  ldapUrl: row(
    '--ldap-url',
    '',
    'directory that checks passwords, as in ldaps://ldap.example.net',
    address(['ldaps:', 'ldap:']),
  ),
  ldapStartTls: row('--ldap-start-tls', 'yes', 'encrypt ldap:// with StartTLS before anything is sent', yes),
  ldapAuthorityFile: row('--ldap-ca-file', '', 'authority of the directory (PEM)'),
  ldapAccount: row('--ldap-bind-dn', '', 'account that looks people up'),
  ldapPasswordFile: row(
    '--ldap-bind-password-file',
    '',
    'file with its password; or the password itself in FLEETVISOR_LDAP_BIND_PASSWORD',
  ),
  ldapUserDn: row(
    '--ldap-user-dn',
    '',
    'instead of looking people up: where they are, as in uid={user},ou=people,dc=example,dc=net',
  ),
  ldapBase: row('--ldap-base', '', 'below which people are searched'),
  ldapUserFilter: row('--ldap-user-filter', '(uid={user})', 'which entry is a person’s', text),
  ldapNameAttribute: row('--ldap-name-attribute', 'uid', 'attribute with the name a person gets here', text),
  ldapGroupBase: row(
    '--ldap-group-base',
    '',
    'below which groups are searched; without it memberOf tells them',
  ),
  ldapGroupFilter: row('--ldap-group-filter', '(member={dn})', 'which groups a person is in', text),
  rereadGroupsMs: row(
    '--reread-groups',
    '5m',
    'how often the groups of the directory and the file of --group-roles are read again',
    duration,
  ),
  vouchedSessionsMs: row(
    '--vouched-sessions',
    '12h',
    'signed out this long after the provider or directory last spoke for somebody',
    duration,
  ),
  vouchedTokensMs: row(
    '--vouched-tokens',
    '30d',
    'their tokens rest this long after it, until they sign in again',
    duration,
  ),
  ldapTimeoutMs: row('--ldap-timeout', '5s', 'how long the directory may take', duration),
} as const satisfies Record<string, Row>;

export interface IdentityConfig {
  readonly publicUrl: string | null;
  readonly groupRolesFile: string | null;
  readonly oidc: OidcConfig | null;
  readonly ldap: DirectoryConfig | null;
  readonly rereadGroupsMs: number;
  readonly vouchedSessionsMs: number;
  readonly vouchedTokensMs: number;
}

/** The settings as a whole; what contradicts or lacks something else is a problem. */
export function identityFrom(
  values: ReadonlyMap<string, Value>,
  env: Environment,
  problems: ConfigProblem[],
): IdentityConfig {
  const publicUrl = textOrNull(values.get('publicUrl'));
  const identity = {
    publicUrl: publicUrl === null ? null : originOf(publicUrl, values, problems),
    groupRolesFile: textOrNull(values.get('groupRolesFile')),
    oidc: oidcFrom(values, env, problems),
    ldap: ldapFrom(values, env, problems),
    rereadGroupsMs: Number(values.get('rereadGroupsMs')),
    vouchedSessionsMs: Number(values.get('vouchedSessionsMs')),
    vouchedTokensMs: Number(values.get('vouchedTokensMs')),
  };
  if ((identity.oidc !== null || identity.ldap !== null) && identity.groupRolesFile === null)
    problems.push({
      where: '--group-roles',
      says: 'is needed with --oidc-issuer and --ldap-url: without it nobody who signs in that way may do anything',
    });
  return identity;
}

/** The path in front of everything is `--base-path`: the same one may stand here, no other. */
function originOf(publicUrl: string, values: ReadonlyMap<string, Value>, problems: ConfigProblem[]): string {
  const { origin, pathname } = new URL(publicUrl);
  const basePath = String(values.get('basePath') ?? '');
  const own = pathname.replace(/\/+$/, '');
  if (own !== '' && own !== basePath)
    problems.push({
      where: '--public-url',
      says: `ends with ${own}, but --base-path is ${basePath || 'not set'}`,
    });
  return origin;
}

function oidcFrom(
  values: ReadonlyMap<string, Value>,
  env: Environment,
  problems: ConfigProblem[],
): OidcConfig | null {
  const issuer = textOrNull(values.get('oidcIssuer'));
  if (issuer === null) return null;
  const clientId = textOrNull(values.get('oidcClientId'));
  if (clientId === null)
    problems.push({ where: '--oidc-client-id', says: 'goes together with --oidc-issuer' });
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(hostname))
    problems.push({ where: '--oidc-issuer', says: 'must be https: who is who would travel in the clear' });
  const file = {
    flag: IDENTITY_ROWS.oidcClientSecretFile.flag,
    path: textOrNull(values.get('oidcClientSecretFile')),
  };
  return {
    issuer,
    clientId: clientId ?? '',
    clientSecret: secretFrom('FLEETVISOR_OIDC_CLIENT_SECRET', file, env, problems),
    scopes: String(values.get('oidcScopes')),
    groupClaim: String(values.get('oidcGroupClaim')),
    nameClaim: String(values.get('oidcNameClaim')),
    label: String(values.get('oidcLabel')),
  };
}

function ldapFrom(
  values: ReadonlyMap<string, Value>,
  env: Environment,
  problems: ConfigProblem[],
): DirectoryConfig | null {
  const url = textOrNull(values.get('ldapUrl'));
  if (url === null) return null;
  const userDn = textOrNull(values.get('ldapUserDn'));
  const base = textOrNull(values.get('ldapBase'));
  if (userDn === null && base === null)
    problems.push({ where: '--ldap-base', says: 'is needed with --ldap-url, or --ldap-user-dn instead' });
  if (userDn !== null && !userDn.includes('{user}'))
    problems.push({ where: '--ldap-user-dn', says: 'must hold {user}' });
  const account = textOrNull(values.get('ldapAccount'));
  const file = {
    flag: IDENTITY_ROWS.ldapPasswordFile.flag,
    path: textOrNull(values.get('ldapPasswordFile')),
  };
  const password = secretFrom('FLEETVISOR_LDAP_BIND_PASSWORD', file, env, problems);
  if ((account === null) !== (password === null))
    problems.push({
      where: account === null ? '--ldap-bind-dn' : '--ldap-bind-password-file',
      says: 'an account and its password go together',
    });
  return {
    url,
    startTls: values.get('ldapStartTls') === true,
    authorityFile: textOrNull(values.get('ldapAuthorityFile')),
    account: account === null || password === null ? null : { dn: account, password },
    userDn,
    base: base ?? '',
    userFilter: String(values.get('ldapUserFilter')),
    nameAttribute: String(values.get('ldapNameAttribute')),
    groupBase: textOrNull(values.get('ldapGroupBase')),
    groupFilter: String(values.get('ldapGroupFilter')),
    timeoutMs: Number(values.get('ldapTimeoutMs')),
  };
}
