import type {
  ChannelConfig,
  Config,
  ConfigDiff,
  FcgiSocketConfig,
  GroupConfig,
  ProcessConfig,
} from './config.ts';

/**
 * What rereading changed: added and changed groups in the new order, removed ones in the active order.
 * Contract: RPC-060 to RPC-062.
 */
export function diffConfig(active: readonly GroupConfig[], next: Config): ConfigDiff {
  const activeByName = new Map(active.map((group) => [group.name, group]));
  const nextNames = new Set(next.groups.map(({ name }) => name));
  return {
    added: next.groups.filter(({ name }) => !activeByName.has(name)).map(({ name }) => name),
    changed: next.groups
      .filter((group) => isChanged(activeByName.get(group.name), group))
      .map(({ name }) => name),
    removed: active.filter(({ name }) => !nextNames.has(name)).map(({ name }) => name),
  };
}

function isChanged(active: GroupConfig | undefined, next: GroupConfig): boolean {
  return active !== undefined && !sameGroup(active, next);
}

function sameGroup(active: GroupConfig, next: GroupConfig): boolean {
  const alike =
    active.kind === next.kind &&
    active.priority === next.priority &&
    active.processes.length === next.processes.length &&
    active.processes.every((process, index) => sameProcess(process, next.processes[index]));
  if (!alike) return false;
  if (active.kind === 'fcgi' && next.kind === 'fcgi') return active.socket.url === next.socket.url;
  if (active.kind !== 'listeners' || next.kind !== 'listeners') return true;
  const isSame = active.bufferSize === next.bufferSize && active.lengthIn === next.lengthIn;
  return isSame && sameSet(active.events, next.events);
}

/** Every option but where it stands, whose program it is, and a server URL that nobody wrote. */
function sameProcess(active: ProcessConfig, next: ProcessConfig | undefined): boolean {
  if (next === undefined) return false;
  return (
    sameChannel(active.stdout, next.stdout) &&
    sameChannel(active.stderr, next.stderr) &&
    sameSocket(active.fcgiSocket, next.fcgiSocket) &&
    JSON.stringify(compared(active)) === JSON.stringify(compared(next))
  );
}

function compared(process: ProcessConfig): readonly unknown[] {
  const { name, command, directory, umask, priority, autostart, autorestart, startMs, startRetries } =
    process;
  const { stopSignal, stopWaitMs, stopAsGroup, killAsGroup, exitCodes, redirectStderr, environment } =
    process;
  const serverUrl = process.serverUrlDerived ? null : process.serverUrl;
  const variables = Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...[name, command, directory, umask, priority, autostart, autorestart, startMs, startRetries, stopSignal],
    ...[
      stopWaitMs,
      stopAsGroup,
      killAsGroup,
      exitCodes,
      redirectStderr,
      process.user?.uid,
      serverUrl,
      variables,
    ],
  ];
}

/** A log file that is now automatic counts as unchanged; one that was automatic and is now named does not. */
function sameChannel(active: ChannelConfig, next: ChannelConfig): boolean {
  return (
    (next.logFile.kind === 'auto' || JSON.stringify(active.logFile) === JSON.stringify(next.logFile)) &&
    active.maxBytes === next.maxBytes &&
    active.backups === next.backups &&
    active.captureMaxBytes === next.captureMaxBytes &&
    active.eventsEnabled === next.eventsEnabled &&
    active.syslog === next.syslog
  );
}

function sameSocket(active: FcgiSocketConfig | null, next: FcgiSocketConfig | null): boolean {
  return active?.url === next?.url;
}

function sameSet(active: readonly string[], next: readonly string[]): boolean {
  return active.length === next.length && active.every((name) => next.includes(name));
}
