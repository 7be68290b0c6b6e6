import { readFileSync } from 'node:fs';
import { type FileLine, readConfigFile } from './config-file.ts';
import { type DirectoryConfig, IDENTITY_ROWS, identityFrom, type OidcConfig } from './config-identity.ts';
import {
  type ConfigProblem,
  duration,
  type Environment,
  folders,
  optionalText,
  path,
  type Read,
  type Row,
  text,
  textOrNull,
  type Value,
  wholeNumber,
  yes,
} from './config-values.ts';

export type { DirectoryConfig, OidcConfig } from './config-identity.ts';
export { type ConfigProblem, durationMs } from './config-values.ts';

/** Everything the hub was told, checked once at start and never changed afterwards. */
export interface HubConfig {
  /** Address to listen on. Beyond loopback only with TLS, a trusted proxy or `insecure`. */
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  /** `''` or `/fleet`: what a reverse proxy puts in front. Never ends with a slash. */
  readonly basePath: string;
  /** How many proxies in front are believed about address and scheme; 0: none. */
  readonly trustedProxies: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** Plain HTTP beyond loopback, asked for by name. */
  readonly insecure: boolean;
  /** Folders whose unix sockets an administrator may register as hosts. */
  readonly socketFolders: readonly string[];
  readonly sessionIdleMs: number;
  readonly sessionLongestMs: number;
  /** How much may be asked for in a minute: by a person from an address, and of ways to sign in by an address. */
  readonly rates: { readonly changes: number; readonly expensive: number; readonly signIns: number };
  /** So many failed sign-ins in a quarter of an hour may an account have at an address. */
  readonly failedSignIns: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Changes of state of processes are kept this long. */
  readonly keepEventsMs: number;
  /** Finished fleet actions are kept this long. */
  readonly keepActionsMs: number;
  /** Holds the token with which `/metrics` may be read from anywhere; null: from this machine alone. */
  readonly metricsTokenFile: string | null;
  /** `https://fleet.example.net`, as people reach the hub, without `basePath`; null: as each of them asks for it. */
  readonly publicUrl: string | null;
  /** Who may what by the groups a provider or a directory tells. */
  readonly groupRolesFile: string | null;
  /** Single sign-on; null: none. */
  readonly oidc: OidcConfig | null;
  /** A directory that checks passwords; null: none. */
  readonly ldap: DirectoryConfig | null;
  /** How often groups, and what they give, are read again. */
  readonly rereadGroupsMs: number;
  /** What a provider or directory last said of somebody counts this long for their sessions… */
  readonly vouchedSessionsMs: number;
  /** …and for their tokens. */
  readonly vouchedTokensMs: number;
}

export type ReadConfig =
  | { readonly ok: true; readonly value: HubConfig; readonly rest: readonly string[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];
const level = (value: string): Read =>
  LEVELS.includes(value) ? { value } : { says: `must be one of ${LEVELS.join(', ')}` };

/** Every flag of `fleetvisor hub`, its variable, its default and its meaning: also the help text. */
const ROWS = {
  host: {
    flag: '--host',
    env: 'FLEETVISOR_HOST',
    written: '127.0.0.1',
    help: 'address to listen on',
    read: text,
  },
  port: {
    flag: '--port',
    env: 'FLEETVISOR_PORT',
    written: '7373',
    help: 'port to listen on; 0 picks one',
    read: wholeNumber(0, 65_535),
  },
  dataFolder: {
    flag: '--data',
    env: 'FLEETVISOR_DATA',
    written: 'data',
    help: 'folder of the database and the key',
    read: text,
  },
  basePath: {
    flag: '--base-path',
    env: 'FLEETVISOR_BASE_PATH',
    written: '',
    help: 'path in front of everything, as in /fleet',
    read: path,
  },
  trustedProxies: {
    flag: '--trust-proxy',
    env: 'FLEETVISOR_TRUST_PROXY',
    written: '0',
    help: 'proxies in front to believe',
    read: wholeNumber(0, 10),
  },
  tlsCert: {
    flag: '--tls-cert',
    env: 'FLEETVISOR_TLS_CERT',
    written: '',
    help: 'certificate file (PEM)',
    read: optionalText,
  },
  tlsKey: {
    flag: '--tls-key',
    env: 'FLEETVISOR_TLS_KEY',
    written: '',
    help: 'private key file (PEM)',
    read: optionalText,
  },
  insecure: {
    flag: '--insecure',
    env: 'FLEETVISOR_INSECURE',
    written: 'no',
    help: 'allow plain HTTP beyond loopback',
    alone: true,
    read: yes,
  },
  socketFolders: {
    flag: '--socket-folders',
    env: 'FLEETVISOR_SOCKET_FOLDERS',
    written: '/run:/var/run:/tmp',
    help: 'where sockets of supervisords may lie',
    read: folders,
  },
  sessionIdleMs: {
    flag: '--session-idle',
    env: 'FLEETVISOR_SESSION_IDLE',
    written: '12h',
    help: 'signed out after this much silence',
    read: duration,
  },
  sessionLongestMs: {
    flag: '--session-longest',
    env: 'FLEETVISOR_SESSION_LONGEST',
    written: '7d',
    help: 'signed out after this in any case',
    read: duration,
  },
  rateChanges: {
    flag: '--rate-changes',
    env: 'FLEETVISOR_RATE_CHANGES',
    written: '1200',
    help: 'changes a minute of one person from one address',
    read: wholeNumber(10, 100_000),
  },
  rateExpensive: {
    flag: '--rate-expensive',
    env: 'FLEETVISOR_RATE_EXPENSIVE',
    written: '240',
    help: 'searches, downloads and exports a minute of one person from one address',
    read: wholeNumber(5, 10_000),
  },
  rateSignIns: {
    flag: '--rate-sign-ins',
    env: 'FLEETVISOR_RATE_SIGN_INS',
    written: '60',
    help: 'tries a minute from one address, by each way to sign in',
    read: wholeNumber(10, 10_000),
  },
  failedSignIns: {
    flag: '--failed-sign-ins',
    env: 'FLEETVISOR_FAILED_SIGN_INS',
    written: '5',
    help: 'failures in 15 minutes of one account at one address; an address may have 6 times, an account 12 times that',
    read: wholeNumber(3, 100),
  },
  logLevel: {
    flag: '--log-level',
    env: 'FLEETVISOR_LOG_LEVEL',
    written: 'info',
    help: LEVELS.join(', '),
    read: level,
  },
  keepEventsMs: {
    flag: '--keep-events',
    env: 'FLEETVISOR_KEEP_EVENTS',
    written: '14d',
    help: 'how long changes of state are kept',
    read: duration,
  },
  keepActionsMs: {
    flag: '--keep-actions',
    env: 'FLEETVISOR_KEEP_ACTIONS',
    written: '90d',
    help: 'how long finished actions are kept',
    read: duration,
  },
  metricsTokenFile: {
    flag: '--metrics-token-file',
    env: 'FLEETVISOR_METRICS_TOKEN_FILE',
    written: '',
    help: 'file with the token for /metrics; without it only this machine may read them',
    read: optionalText,
  },
  ...IDENTITY_ROWS,
} as const satisfies Record<string, Row>;

type Key = keyof typeof ROWS;
const KEYS = Object.keys(ROWS) as Key[];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

const CONFIG_FLAG = '--config';
const CONFIG_ENV = 'FLEETVISOR_CONFIG';
const FILE_KEYS: ReadonlySet<string> = new Set(KEYS.map((key) => ROWS[key].flag.slice(2)));

const HELP_COLUMN = 30;

/** Flags and their help, one line each. */
export const CONFIG_HELP: readonly string[] = [
  `  ${`${CONFIG_FLAG} …`.padEnd(HELP_COLUMN)} file of lines like "port = 7373", by the names below (${CONFIG_ENV})`,
  ...KEYS.map((key) => {
    const row: Row = ROWS[key];
    const left = `${row.flag}${row.alone ? '' : ' …'}`.padEnd(HELP_COLUMN);
    return `  ${left} ${row.help} (${row.env}${row.written === '' ? '' : `, default ${row.written}`})`;
  }),
];

interface Given {
  readonly where: string;
  readonly text: string;
}

/**
 * Reads flags, then the environment, then the file `--config` names, then the defaults; reports every problem at
 * once. What is no flag of the hub comes back as `rest`, in order.
 */
export function readConfig(args: readonly string[], env: Environment): ReadConfig {
  const problems: ConfigProblem[] = [];
  const { flags, rest } = splitFlags(args, problems);
  const file = linesOf(flags.get(CONFIG_FLAG) ?? env[CONFIG_ENV] ?? '', problems);
  const values = new Map<Key, Value>();
  for (const key of KEYS) {
    const given = givenFor(ROWS[key], flags, env, file);
    const read = ROWS[key].read(given.text);
    if ('says' in read) problems.push({ where: given.where, says: read.says });
    else values.set(key, read.value);
  }
  problems.push(...contradictions(values));
  const identity = identityFrom(values, env, problems);
  return problems.length > 0
    ? { ok: false, problems: [...problems, ...strangers(rest)] }
    : { ok: true, value: Object.freeze({ ...assemble(values), ...identity }), rest };
}

/** Flags that nobody knows, where the hub itself is to run: told with the other problems, not after them. */
function strangers(rest: readonly string[]): ConfigProblem[] {
  const runs = rest[0] === undefined || rest[0] === 'run' || rest[0].startsWith('-');
  const flags = runs ? rest.filter((word) => word.startsWith('-')) : [];
  return flags.map((where) => ({ where, says: 'is not known here; "fleetvisor hub --help" lists what is' }));
}

function splitFlags(
  args: readonly string[],
  problems: ConfigProblem[],
): { flags: Map<string, string>; rest: string[] } {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const equals = arg.indexOf('=');
    const name = arg.startsWith('--') && equals > 0 ? arg.slice(0, equals) : arg;
    const row: Row | undefined = KEYS.map((key) => ROWS[key]).find((known) => known.flag === name);
    if (row === undefined && name !== CONFIG_FLAG) rest.push(arg);
    else if (row?.alone) flags.set(name, equals > 0 ? arg.slice(equals + 1) : 'yes');
    else if (equals > 0) flags.set(name, arg.slice(equals + 1));
    else if (at + 1 < args.length) flags.set(name, args[++at] ?? '');
    else problems.push({ where: name, says: 'needs a value' });
  }
  return { flags, rest };
}

/** The lines of the configuration file by key; a file that cannot be read is a problem like any other. */
function linesOf(path: string, problems: ConfigProblem[]): ReadonlyMap<string, FileLine> {
  if (path === '') return new Map();
  try {
    const { lines, problems: wrong } = readConfigFile(path, readFileSync(path, 'utf8'), FILE_KEYS);
    problems.push(...wrong);
    return new Map(lines.map((line) => [line.key, line]));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    problems.push({ where: path, says: `cannot be read: ${code}` });
    return new Map();
  }
}

function givenFor(
  row: Row,
  flags: ReadonlyMap<string, string>,
  env: Environment,
  file: ReadonlyMap<string, FileLine>,
): Given {
  const flag = flags.get(row.flag);
  if (flag !== undefined) return { where: row.flag, text: flag };
  const variable = env[row.env];
  if (variable !== undefined && variable !== '') return { where: row.env, text: variable };
  const line = file.get(row.flag.slice(2));
  if (line !== undefined) return { where: `${line.where}: ${line.key}`, text: line.value };
  return { where: row.flag, text: row.written };
}

function contradictions(values: ReadonlyMap<Key, Value>): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const hasCert = typeof values.get('tlsCert') === 'string';
  const hasKey = typeof values.get('tlsKey') === 'string';
  if (hasCert !== hasKey)
    problems.push({ where: hasCert ? '--tls-key' : '--tls-cert', says: 'certificate and key go together' });
  const open = !LOOPBACK.test(String(values.get('host') ?? 'localhost'));
  const guarded = hasCert || values.get('trustedProxies') !== 0 || values.get('insecure') === true;
  if (open && !guarded)
    problems.push({
      where: '--host',
      says: 'plain HTTP beyond loopback would send passwords in the clear: give --tls-cert and --tls-key, or --trust-proxy 1 behind a proxy with TLS, or say --insecure',
    });
  return problems;
}

function assemble(values: ReadonlyMap<Key, Value>): Omit<HubConfig, keyof ReturnType<typeof identityFrom>> {
  const tlsCert = values.get('tlsCert');
  const tlsKey = values.get('tlsKey');
  return {
    host: String(values.get('host')),
    port: Number(values.get('port')),
    dataFolder: String(values.get('dataFolder')),
    basePath: String(values.get('basePath')),
    trustedProxies: Number(values.get('trustedProxies')),
    tls:
      typeof tlsCert === 'string' && typeof tlsKey === 'string'
        ? { certFile: tlsCert, keyFile: tlsKey }
        : null,
    insecure: values.get('insecure') === true,
    socketFolders: values.get('socketFolders') as readonly string[],
    sessionIdleMs: Number(values.get('sessionIdleMs')),
    sessionLongestMs: Number(values.get('sessionLongestMs')),
    rates: {
      changes: Number(values.get('rateChanges')),
      expensive: Number(values.get('rateExpensive')),
      signIns: Number(values.get('rateSignIns')),
    },
    failedSignIns: Number(values.get('failedSignIns')),
    logLevel: values.get('logLevel') as HubConfig['logLevel'],
    keepEventsMs: Number(values.get('keepEventsMs')),
    keepActionsMs: Number(values.get('keepActionsMs')),
    metricsTokenFile: textOrNull(values.get('metricsTokenFile')),
  };
}
