import type { ProcessConfig } from '../config/config.ts';

/** What a child finds in its environment: the daemon's, who it is, then what the configuration says. Contract: CFG-228 to CFG-230. */
export function childEnvironment(
  config: ProcessConfig,
  daemon: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...daemon,
    SUPERVISOR_ENABLED: '1',
    ...(config.serverUrl === null ? {} : { SUPERVISOR_SERVER_URL: config.serverUrl }),
    SUPERVISOR_PROCESS_NAME: config.name,
    SUPERVISOR_GROUP_NAME: config.group,
    ...config.environment,
  };
}
