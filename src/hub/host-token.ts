import type { HubVerb } from './verb.ts';

/** For a host that is polled: an agent tells everything by itself. */
export const hostToken: HubVerb = {
  name: 'host-token',
  usage: 'host-token HOST [--json]',
  help: 'make the token of a supervisord’s push listener; replaces the one before, shown once',
  options: [],
  switches: ['--json'],
  run(args, { store, clock, out, problem }) {
    const [name, ...more] = args.words;
    if (name === undefined || more.length > 0) {
      problem('say which host: fleetvisor hub host-token HOST');
      return 2;
    }
    const host = store.hosts.byName(name);
    if (host === null || host.kind === 'agent') {
      problem(
        host === null
          ? `there is no host called ${name}`
          : `${host.name} has an agent: it tells its changes by itself`,
      );
      return 1;
    }
    const token = store.hostTokens.issue(host.id, clock.wallMs());
    out(args.switches.has('--json') ? JSON.stringify({ token, host: host.name }) : token);
    return 0;
  },
};
