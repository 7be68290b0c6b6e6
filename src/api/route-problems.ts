import type { ApiProblemKind } from './problems.ts';
import type { Route } from './route.ts';

/** Every way a route may say no: what follows from its right, its path and what it reads, then its own. */
export function mayAnswer(route: Route): ApiProblemKind[] {
  const changes = route.method !== 'get';
  const reads = route.query !== undefined || route.body !== undefined || route.headers !== undefined;
  const audited = changes && route.right !== 'anyone' && route.changes !== 'nothing';
  const found: readonly (ApiProblemKind | false)[] = [
    (reads || changes) && 'bad-request',
    route.right !== 'anyone' && 'not-signed-in',
    route.right !== 'anyone' && 'not-allowed',
    changes && 'foreign-origin',
    route.path.includes(':') && 'not-found',
    changes && 'too-large',
    changes && 'not-json',
    ...(route.problems ?? []),
    isCounted(route) && 'too-many-requests',
    (route.headers ?? []).includes('if-match') && 'changed-meanwhile',
    'internal',
    audited && 'not-audited',
    changes && 'not-stored',
  ];
  return [...new Set(found.filter((kind) => kind !== false))];
}

/** Whether requests to it are counted, as `rateGates` does. */
function isCounted(route: Route): boolean {
  if (route.right === 'anyone') return route.limited === true;
  return route.cost === 'expensive' || (route.method !== 'get' && route.changes !== 'nothing');
}
