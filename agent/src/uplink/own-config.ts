import type { ProcessConfig } from '../config/config.ts';
import type { Supervisor } from '../process/supervisor.ts';
import { OWN_CONFIG_METHOD, type OwnConfigPage } from '../protocol/uplink.ts';
import { configInfo } from '../rpc/config-info.ts';
import type { CallMethod } from './calls.ts';

/**
 * `getAllConfigInfo` in pages, with what supervisord leaves out of it: whether a process is started again, its umask,
 * the signals to its group, and the names of the environment the configuration gives it. Values are never told.
 */
export function withOwnConfig(callMethod: CallMethod, supervisor: Supervisor): CallMethod {
  return async (method, params) =>
    method === OWN_CONFIG_METHOD ? page(supervisor, params) : callMethod(method, params);
}

const PAGE = 200;

function page(supervisor: Supervisor, [offset]: readonly unknown[]): OwnConfigPage {
  const from = typeof offset === 'number' && offset >= 0 ? Math.floor(offset) : 0;
  const all = configInfo(supervisor);
  const configs = new Map(
    supervisor
      .config()
      .groups.flatMap((group) => group.processes.map((one) => [`${group.name}:${one.name}`, one] as const)),
  );
  return {
    total: all.length,
    processes: all.slice(from, from + PAGE).map((told) => {
      const config = configs.get(`${told.group}:${told.name}`);
      return config === undefined ? told : { ...told, ...more(config) };
    }),
  };
}

const AUTORESTART = { always: 'true', unexpected: 'unexpected', never: 'false' } as const;

function more({ autorestart, environment, stopAsGroup, umask, program }: ProcessConfig) {
  return {
    program,
    autorestart: AUTORESTART[autorestart],
    stopasgroup: stopAsGroup,
    umask: umask === null ? 'none' : umask.toString(8).padStart(3, '0'),
    environment_names: Object.keys(environment).sort(),
  };
}
