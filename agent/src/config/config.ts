import type { Channel } from '../protocol/info.ts';

/** What `Config` loading returns: the value, or everything that is wrong with the text. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** A fault in text somebody wrote. `where` is `FILE:LINE` or the option as typed; `hint` says how to mend it. */
export interface Problem {
  readonly where: string;
  /** supervisord's own text, character for character, where the contract gives one. */
  readonly says: string;
  readonly hint?: string;
}

export type LogLevel = 'critical' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'blather';

/** Something the configuration asks to be said in the main log once it is open. */
export interface Notice {
  readonly level: LogLevel;
  readonly text: string;
}

/** A whole configuration as read once; frozen, and replaced as one on reread. */
export interface Config {
  /** Absolute path of the main file. */
  readonly path: string;
  readonly daemon: DaemonConfig;
  /** In the order they are opened: inet before unix. */
  readonly servers: readonly HttpServerConfig[];
  /** In start order: by priority, then name. */
  readonly groups: readonly GroupConfig[];
  /** Names of `[rpcinterface:x]` sections; without `supervisor` no supervisor.* method exists. */
  readonly rpcInterfaces: readonly string[];
  readonly fleetvisor: FleetvisorConfig;
  readonly notices: readonly Notice[];
}

/** `[supervisord]` with the command line laid over it. */
export interface DaemonConfig {
  /** Absolute path, or null when the main log goes to syslog only. */
  readonly logFile: string | null;
  readonly logToSyslog: boolean;
  readonly logMaxBytes: number;
  readonly logBackups: number;
  readonly logLevel: LogLevel;
  readonly pidFile: string;
  readonly umask: number;
  readonly foreground: boolean;
  readonly silent: boolean;
  readonly minFds: number;
  readonly minProcs: number;
  readonly keepAutoLogs: boolean;
  readonly childLogDir: string;
  readonly user: UserIds | null;
  readonly directory: string | null;
  readonly stripAnsi: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly identifier: string;
}

export interface UserIds {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export type HttpServerConfig = InetServerConfig | UnixServerConfig;

interface ServerAuth {
  /** The section's name, as in log lines: `unix_http_server`, `inet_http_server:b`. */
  readonly section: string;
  /** Null: no authentication. The password is plain or `{SHA}` + hex. */
  readonly auth: { readonly username: string; readonly password: string } | null;
}

export interface InetServerConfig extends ServerAuth {
  readonly kind: 'inet';
  /** Empty string: all interfaces. */
  readonly host: string;
  readonly port: number;
}

export interface UnixServerConfig extends ServerAuth {
  readonly kind: 'unix';
  readonly path: string;
  readonly mode: number;
  /** -1 leaves uid or gid as it is. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

export type GroupConfig = ProgramGroupConfig | FcgiGroupConfig | ListenerPoolConfig;

interface GroupBase {
  readonly name: string;
  readonly priority: number;
  /** In stored order: order of `programs=`, then (priority, name) inside one program. */
  readonly processes: readonly ProcessConfig[];
}

export interface ProgramGroupConfig extends GroupBase {
  readonly kind: 'group';
}

export interface FcgiGroupConfig extends GroupBase {
  readonly kind: 'fcgi';
  readonly socket: FcgiSocketConfig;
}

export interface ListenerPoolConfig extends GroupBase {
  readonly kind: 'listeners';
  /** Event type names as subscribed, upper case, without repeats. */
  readonly events: readonly string[];
  readonly bufferSize: number;
  /** What `len` in the header of an event counts; characters only where `length_in` asks for them. */
  readonly lengthIn: LengthUnit;
}

export type LengthUnit = 'bytes' | 'characters';

export interface FcgiSocketConfig {
  /** As written: `unix:///path` or `tcp://host:port`. */
  readonly url: string;
  readonly backlog: number | null;
  readonly mode: number | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** One process slot with every option in its final, expanded form. */
export interface ProcessConfig {
  readonly name: string;
  readonly group: string;
  /** The program's own name: the section is `[program:x]`, `[fcgi-program:x]` or `[eventlistener:x]`. */
  readonly program: string;
  readonly kind: 'program' | 'fcgi' | 'listener';
  /** As written after expansion; split into words only when it is started. */
  readonly command: string;
  readonly priority: number;
  readonly autostart: boolean;
  readonly autorestart: 'always' | 'unexpected' | 'never';
  /** startsecs, in milliseconds. */
  readonly startMs: number;
  readonly startRetries: number;
  readonly exitCodes: readonly number[];
  readonly stopSignal: number;
  /** stopwaitsecs, in milliseconds. */
  readonly stopWaitMs: number;
  readonly stopAsGroup: boolean;
  readonly killAsGroup: boolean;
  readonly user: UserIds | null;
  readonly redirectStderr: boolean;
  readonly stdout: ChannelConfig;
  readonly stderr: ChannelConfig;
  /** Only what the configuration adds: `[supervisord] environment`, then the program's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string | null;
  readonly umask: number | null;
  /** Null: neither given nor derivable, SUPERVISOR_SERVER_URL is not set. */
  readonly serverUrl: string | null;
  /** True when `serverurl` is AUTO: then `serverUrl` comes from the server sections and no reread compares it. */
  readonly serverUrlDerived?: boolean;
  /** The socket shared on fd 0, also for an fcgi-program inside a `[group]`. */
  readonly fcgiSocket: FcgiSocketConfig | null;
  /** Where the section stands, for messages: `FILE:LINE`. */
  readonly where: string;
}

export interface ChannelConfig {
  /** `auto`: a file named by the agent in childlogdir. `none`: no file. */
  readonly logFile:
    | { readonly kind: 'auto' }
    | { readonly kind: 'none' }
    | { readonly kind: 'file'; readonly path: string };
  readonly maxBytes: number;
  readonly backups: number;
  /** 0: capture off. */
  readonly captureMaxBytes: number;
  readonly eventsEnabled: boolean;
  readonly syslog: boolean;
}

/** `[fleetvisor]`: what goes beyond supervisord; stock supervisord ignores the section. */
export interface FleetvisorConfig {
  /** Base URL of the hub, or null: this agent stands alone. */
  readonly hub: string | null;
  /** One-time join token, or a file holding it; used only while there is no identity yet. */
  readonly joinToken: string | null;
  readonly joinTokenFile: string | null;
  /** File that keeps the agent's Ed25519 key and host id, mode 0600. */
  readonly identityFile: string;
  /** Host name proposed to the hub when joining. */
  readonly hostName: string;
  /** What any hub may do here, whatever it thinks: the local veto. */
  readonly allow: 'observe' | 'control' | 'configure';
}

/** What a reread found, as lists of group names. Contract: RPC-057 to RPC-062. */
export interface ConfigDiff {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The configuration of one of a process's output channels. */
export function channelConfig(process: ProcessConfig, channel: Channel): ChannelConfig {
  return channel === 'stdout' ? process.stdout : process.stderr;
}
