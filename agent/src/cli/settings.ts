import { defaultConfigPaths } from '../config/command-line.ts';
import type { Parsed } from '../config/config.ts';
import { type CtlConfig, DEFAULT_CTL_CONFIG, readCtlConfig } from '../config/ctl-config.ts';
import { normalizePath, type PathContext } from '../config/paths.ts';
import type { CtlOptions } from './options.ts';

/**
 * What the file says and the command line overrides. Without -c the usual places are tried, and none is
 * needed. Contract: CFG-001, CFG-003, CFG-005.
 */
export function readSettings(options: CtlOptions, program: string, paths: PathContext): Parsed<CtlConfig> {
  const path = options.configPath ?? defaultConfigPaths(program).find((one) => paths.files.exists(one));
  if (path === undefined) return { ok: true, value: overridden(DEFAULT_CTL_CONFIG, options, paths) };
  const read = readCtlConfig(path, paths);
  return read.ok ? { ok: true, value: overridden(read.value, options, paths) } : read;
}

function overridden(config: CtlConfig, options: CtlOptions, paths: PathContext): CtlConfig {
  return {
    ...config,
    serverUrl: options.serverUrl ?? config.serverUrl,
    username: options.username ?? config.username,
    password: options.password ?? config.password,
    historyFile:
      options.historyFile === null ? config.historyFile : normalizePath(options.historyFile, paths),
  };
}
