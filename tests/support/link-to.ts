import { systemClock } from '../../src/clock.ts';
import type { Host } from '../../src/fleet/host.ts';
import type { SupervisordCredentials } from '../../src/links/endpoint.ts';
import type { HostLink } from '../../src/links/host-link.ts';
import { openSupervisordLink } from '../../src/links/supervisord-link.ts';
import { HeardSink } from './heard-sink.ts';
import type { Lifetime } from './supervisors.ts';

/** A host row as the store would give it. */
export function hostRow(host: Partial<Host> = {}): Host {
  return {
    id: 'h1',
    name: 'web-01',
    kind: 'supervisord',
    url: null,
    environment: null,
    tags: [],
    disabled: false,
    createdAtMs: 0,
    ...host,
  };
}

/** An open link to a URL, and everything it tells; closed with the test. */
export function linkTo(
  t: Lifetime,
  url: string,
  credentials: SupervisordCredentials | null = null,
): { link: HostLink; sink: HeardSink } {
  const sink = new HeardSink();
  const host = hostRow({ url });
  const link = openSupervisordLink({ host, credentials, sink, clock: systemClock, random: Math.random });
  t.onTestFinished(() => link.close());
  link.open();
  return { link, sink };
}
