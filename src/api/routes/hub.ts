import type { HubFacts } from '../contract.ts';
import { hubFacts as facts } from '../hub-shapes.ts';
import { guardedRoute, type Route } from '../route.ts';

export interface HubFactPorts {
  readonly hubFacts: () => HubFacts;
}

/** The hub about itself. */
export function hubFactRoutes({ hubFacts }: HubFactPorts): Route[] {
  return [
    guardedRoute({
      method: 'get',
      path: '/hub',
      right: 'manage-hub',
      says: 'Tells the version, age and size of the hub, and how long it keeps what it writes down.',
      answers: { 200: facts },
      run: ({ res }) => void res.json(hubFacts()),
    }),
  ];
}
