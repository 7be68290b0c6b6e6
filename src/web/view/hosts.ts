import type { HostView } from '../../fleet/host.ts';
import { hostRow } from './host-row.ts';
import { rankOf } from './marks.ts';
import type { PageMaker } from './page.ts';
import { tree } from './side.ts';

const STATE_TEST: Readonly<Record<string, (host: HostView) => boolean>> = {
  unreachable: ({ reachability }) => reachability.kind === 'unreachable',
  up: ({ reachability }) => reachability.kind === 'reachable',
};

export const hostsPage: PageMaker = (world, reader, { params }) => {
  const state = params.get('state') ?? '';
  const test = Object.hasOwn(STATE_TEST, state) ? STATE_TEST[state] : undefined;
  const hosts = (test === undefined ? [...world.hosts] : world.hosts.filter(test)).map((host) =>
    hostRow(host, world, reader),
  );
  hosts.sort((a, b) => rankOf(a.worst) - rankOf(b.worst));
  return {
    nav: 'hosts',
    title: reader.say('nav.hosts'),
    found: true,
    side: { template: 'partials/tree', model: tree(world, reader, { all: true }) },
    main: {
      template: 'pages/hosts',
      model: {
        hosts,
        n: hosts.length,
        total: world.hosts.length,
        filtered: test !== undefined,
        admin: reader.role === 'admin',
        noHosts: world.hosts.length === 0,
      },
    },
  };
};
