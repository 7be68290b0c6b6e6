import type { ChannelConfig, GroupConfig, ProcessConfig } from '../config/config.ts';
import type { Process, Supervisor } from '../process/supervisor.ts';
import type { Channel } from '../protocol/info.ts';
import { compareText } from './compare-text.ts';

/** Every process of the configuration last read, sorted by name. Contract: RPC-105 to RPC-111, VER-011. */
export function configInfo(supervisor: Supervisor): readonly Readonly<Record<string, unknown>>[] {
  return supervisor
    .config()
    .groups.flatMap((group) => group.processes.map((process) => describe(supervisor, group, process)))
    .toSorted((a, b) => compareText(a.name, b.name));
}

function describe(supervisor: Supervisor, group: GroupConfig, process: ProcessConfig) {
  const active = supervisor.group(group.name);
  // the real AUTO paths belong to the group that runs; a reread makes a new one that has none yet (RPC-109)
  const running = active?.config === group ? active.process(process.name) : undefined;
  return {
    autostart: process.autostart,
    directory: process.directory ?? 'none',
    uid: process.user?.uid ?? 'none',
    command: process.command,
    exitcodes: process.exitCodes,
    group: group.name,
    group_prio: group.priority,
    inuse: active !== undefined,
    killasgroup: process.killAsGroup,
    name: process.name,
    process_prio: process.priority,
    redirect_stderr: process.redirectStderr,
    startretries: process.startRetries,
    startsecs: process.startMs / 1_000,
    ...channelInfo('stdout', process.stdout, running),
    stopsignal: process.stopSignal,
    stopwaitsecs: process.stopWaitMs / 1_000,
    ...channelInfo('stderr', process.stderr, running),
    serverurl: process.serverUrlDerived ? 'none' : (process.serverUrl ?? 'none'),
  };
}

function channelInfo(channel: Channel, config: ChannelConfig, running: Process | undefined) {
  return {
    [`${channel}_capture_maxbytes`]: config.captureMaxBytes,
    [`${channel}_events_enabled`]: config.eventsEnabled,
    [`${channel}_logfile`]: logFileInfo(channel, config, running),
    [`${channel}_logfile_backups`]: config.backups,
    [`${channel}_logfile_maxbytes`]: config.maxBytes,
    [`${channel}_syslog`]: config.syslog,
  };
}

function logFileInfo(channel: Channel, { logFile }: ChannelConfig, running: Process | undefined): string {
  if (logFile.kind === 'file') return logFile.path;
  return logFile.kind === 'none' ? 'none' : (running?.log(channel)?.path ?? 'auto');
}
