import { hostname } from 'node:os';
import { posix } from 'node:path';
import { userOf } from './accounts.ts';
import type { CommandLine } from './command-line.ts';
import type {
  Config,
  DaemonConfig,
  GroupConfig,
  HttpServerConfig,
  Parsed,
  Problem,
  UserIds,
} from './config.ts';
import { type DaemonSection, readDaemonSection } from './daemon-section.ts';
import { Names } from './expansion.ts';
import { exposedSecrets } from './exposed-secrets.ts';
import type { ConfigFiles, UserDirectory } from './files.ts';
import { Findings } from './findings.ts';
import { readFleetvisor } from './fleetvisor-section.ts';
import { readGroups } from './groups.ts';
import type { IniDocument } from './ini-document.ts';
import type { Loading } from './loading.ts';
import { normalizePath, parentOf } from './paths.ts';
import { readSources } from './read-sources.ts';
import { checkRpcInterfaces, readRpcInterfaces } from './rpc-interfaces.ts';
import { SectionReader } from './section-reader.ts';
import { readServers, serverUrlOf } from './server-sections.ts';

/** What a configuration is read from. */
export interface LoadRequest {
  /** The main file as named by whoever starts the daemon; messages repeat it. */
  readonly path: string;
  /** What the command line says beats the file, also on reread. Contract: CFG-019. */
  readonly overrides: CommandLine;
  /**
   * The start-up environment, for `%(ENV_x)s`.
   */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly files: ConfigFiles;
  readonly users: UserDirectory;
  /** The machine's name; by default the kernel's. */
  readonly nodeName?: string;
}

/** A loading with everything that is worth saying about the text besides its problems. */
export interface LoadOutcome {
  readonly config: Config;
  readonly problems: readonly Problem[];
  readonly document: IniDocument;
}

/**
 * Reads a whole configuration, or everything that is wrong with it. `problems[0].says` is what supervisord
 * would print; the others are what it would have said next.
 * Contract: config.md.
 */
export function loadConfig(request: LoadRequest): Parsed<Config> {
  return parsed(loadAll(request));
}

/**
 * A way to read the same configuration again and again. Names that `[supervisord] environment` once added to
 * `%(ENV_x)s` stay, also when the file no longer has them or is wrong. Contract: CFG-088.
 */
export function configReader(request: LoadRequest): () => Parsed<Config> {
  let env = request.env;
  return () => {
    const outcome = loadAll({ ...request, env });
    env = { ...env, ...outcome.config.daemon.environment };
    return parsed(outcome);
  };
}

/** Like `loadConfig`, but keeps what could be read beside the problems. */
export function loadAll(request: LoadRequest): LoadOutcome {
  const loading = beginLoading(request);
  const { document, findings } = loading;
  const config = readAll(loading, request);
  return { config, problems: findings.problems, document };
}

function parsed({ config, problems }: LoadOutcome): Parsed<Config> {
  const [first, ...others] = problems;
  return first === undefined ? { ok: true, value: config } : { ok: false, problems: [first, ...others] };
}

function beginLoading(request: LoadRequest): Loading {
  const { path, env, cwd, files, users } = request;
  const nodeName = request.nodeName ?? hostname();
  const environmentNames = new Names(null);
  environmentNames.setEnvironment(env);
  const here = posix.resolve(cwd, parentOf(path));
  const findings = new Findings();
  const paths = { cwd, env, files, users };
  const names = new Names(environmentNames, { here, host_node_name: nodeName });
  const document = readSources(path, paths, names, findings);
  return { document, findings, paths, environmentNames, here, mainFile: path, nodeName };
}

function readAll(loading: Loading, request: LoadRequest): Config {
  const { document, findings, environmentNames, here, nodeName } = loading;
  if (findings.problems.length === 0 && !document.sections.has('supervisord')) complainMissing(loading);
  const options = new SectionReader('supervisord', document, findings, new Names(environmentNames, { here }));
  const environment = options.with(new Names(environmentNames, { here, host_node_name: nodeName }));
  const section = readDaemonSection({ options, environment }, loading.paths);
  environmentNames.setEnvironment(section.environment);
  const rpcInterfaces = readRpcInterfaces(loading);
  const groups = readGroups(loading);
  const servers = readServers(loading);
  const daemon = daemonOf(section, options, request);
  checkRpcInterfaces(loading, servers);
  const fleetvisor = readFleetvisor(loading);
  for (const says of exposedSecrets(document, request.files)) findings.note('warn', says);
  return {
    path: posix.resolve(request.cwd, request.path),
    daemon,
    servers,
    groups: groups.map((group) => completed(group, daemon, servers)),
    rpcInterfaces,
    fleetvisor,
    notices: findings.sortedNotices(),
  };
}

function complainMissing({ findings, mainFile }: Loading): void {
  const says = '.ini file does not include supervisord section';
  findings.add({ where: `${mainFile}:1`, says, hint: 'add a line [supervisord]; it may be empty' });
}

/** The section with the command line over it, its user looked up and its paths absolute. Contract: CFG-133, CFG-137. */
function daemonOf(section: DaemonSection, reader: SectionReader, request: LoadRequest): DaemonConfig {
  const { overrides } = request;
  const logFile = overrides.logFile ?? section.logFile;
  return {
    ...section,
    logToSyslog: logFile === 'syslog',
    logFile: logFile === 'syslog' ? null : normalizePath(logFile, request),
    logMaxBytes: overrides.logMaxBytes ?? section.logMaxBytes,
    logBackups: overrides.logBackups ?? section.logBackups,
    logLevel: overrides.logLevel ?? section.logLevel,
    pidFile: normalizePath(overrides.pidFile ?? section.pidFile, request),
    umask: overrides.umask ?? section.umask,
    foreground: overrides.foreground || section.foreground,
    silent: overrides.silent || section.silent,
    minFds: overrides.minFds ?? section.minFds,
    minProcs: overrides.minProcs ?? section.minProcs,
    keepAutoLogs: overrides.keepAutoLogs || section.keepAutoLogs,
    childLogDir: overrides.childLogDir ?? section.childLogDir,
    user: daemonUser(overrides.user ?? section.user, reader, request),
    directory: overrides.directory ?? section.directory,
    stripAnsi: overrides.stripAnsi || section.stripAnsi,
    identifier: overrides.identifier ?? section.identifier,
  };
}

function daemonUser(text: string | null, reader: SectionReader, { users }: LoadRequest): UserIds | null {
  return text === null ? null : reader.take('user', userOf(users)(text), null);
}

/** Adds to every process what comes from outside its section. Contract: CFG-148, CFG-196, CFG-230. */
function completed<G extends GroupConfig>(
  group: G,
  { environment }: DaemonConfig,
  servers: readonly HttpServerConfig[],
): G {
  const derived = serverUrlOf(servers);
  const processes = group.processes.map((process) => ({
    ...process,
    environment: { ...environment, ...process.environment },
    serverUrl: process.serverUrlDerived ? derived : process.serverUrl || null,
  }));
  return { ...group, processes };
}
