import type { Clock } from '../clock.ts';
import type { HubConfig } from '../config.ts';
import type { RegisterPorts } from '../control/register-host.ts';
import type { Store } from '../store/store.ts';
import { isOwnListener } from './own-listener.ts';

/** What an address is checked against before a host may have it. */
export function addressPorts(
  config: HubConfig,
  store: Pick<Store, 'hosts'>,
  clock: Clock,
  listeningOn: () => number,
): RegisterPorts {
  return {
    hosts: store.hosts,
    clock,
    socketFolders: [...config.socketFolders, config.dataFolder],
    isOwnListener: (hostname, port) => isOwnListener(hostname, port, listeningOn()),
  };
}
