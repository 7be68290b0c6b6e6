import { DAEMON_STATE_CODES } from '../protocol/states.ts';
import { faulting } from './faults.ts';
import type { Method } from './method.ts';
import { text } from './params.ts';

/** Version of the RPC interface. Contract: RPC-050. */
const API_VERSION = '3.0';
/** The supervisord whose behaviour this is; clients branch on it. Contract: RPC-051. */
export const SUPERVISOR_VERSION = '4.2.5';

export const daemonMethods: Readonly<Record<string, Method>> = {
  getAPIVersion: {
    help: 'Return the version of the RPC API.',
    params: [],
    returns: ['string', 'Version of the API'],
    run: () => API_VERSION,
  },
  getSupervisorVersion: {
    help: 'Return the version of supervisord this daemon behaves like.',
    params: [],
    returns: ['string', 'Version'],
    run: () => SUPERVISOR_VERSION,
  },
  getIdentification: {
    help: 'Return the identifier of the daemon.',
    params: [],
    returns: ['string', 'Identifier'],
    run: ({ supervisor }) => supervisor.config().daemon.identifier,
  },
  getState: {
    help: 'Return the state of the daemon.',
    params: [],
    returns: ['struct', 'A struct with int statecode and string statename'],
    run: ({ supervisor }) => {
      const statename = supervisor.daemonState();
      return { statecode: DAEMON_STATE_CODES[statename], statename };
    },
  },
  getPID: {
    help: 'Return the process id of the daemon.',
    params: [],
    returns: ['int', 'Process id'],
    run: ({ pid }) => pid,
  },
  shutdown: {
    help: 'Shut the daemon down. Answers at once; the stop happens in the background.',
    params: [],
    returns: ['boolean', 'Always true unless error'],
    run: ({ supervisor }) => {
      faulting('', () => supervisor.shutdown());
      return true;
    },
  },
  restart: {
    help: 'Restart the daemon in place. Answers at once.',
    params: [],
    returns: ['boolean', 'Always true unless error'],
    run: ({ supervisor }) => {
      faulting('', () => supervisor.restart());
      return true;
    },
  },
  reloadConfig: {
    help: 'Read the configuration files again without touching running processes.',
    params: [],
    returns: ['array', '[[added, changed, removed]], names of process groups'],
    run: ({ supervisor }) => {
      const { added, changed, removed } = faulting('', () => supervisor.reread());
      return [[added, changed, removed]];
    },
  },
  addProcessGroup: {
    help: 'Activate a group of the configuration last read.',
    params: [{ type: 'string', name: 'name', about: 'Name of the group to add' }],
    returns: ['boolean', 'Always true unless error'],
    run: ({ supervisor }, [name]) => {
      const group = text(name);
      faulting(group, () => supervisor.addGroup(group));
      return true;
    },
  },
  removeProcessGroup: {
    help: 'Remove a stopped group from the active configuration.',
    params: [{ type: 'string', name: 'name', about: 'Name of the group to remove' }],
    returns: ['boolean', 'Always true unless error'],
    run: ({ supervisor }, [name]) => {
      const group = text(name);
      faulting(group, () => supervisor.removeGroup(group));
      return true;
    },
  },
  sendRemoteCommEvent: {
    help: 'Send an event to the listeners subscribed to REMOTE_COMMUNICATION.',
    params: [
      { type: 'string', name: 'type', about: 'Value of the "type" key of the payload' },
      { type: 'string', name: 'data', about: 'Body of the payload' },
    ],
    returns: ['boolean', 'Always true'],
    stateCheck: 'never',
    run: ({ supervisor }, [type, data]) => {
      supervisor.events.emit({ kind: 'remote-communication', type: words(type), data: words(data) });
      return true;
    },
  },
};

function words(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
