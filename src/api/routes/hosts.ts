import type { FleetState } from '../../control/fleet-state.ts';
import { hostFrom, type RegisterPorts } from '../../control/register-host.ts';
import type { Roster } from '../../control/roster.ts';
import type { JoinTokens } from '../../store/join-tokens.ts';
import type { JoinToken } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import type { Route } from '../route.ts';
import * as schemas from '../schemas.ts';
import { usable } from './fleet.ts';

export interface HostPorts {
  readonly fleet: FleetState;
  readonly roster: Roster;
  readonly register: RegisterPorts;
  readonly joinTokens: JoinTokens;
}

const JOIN_TTL_MS = 3_600_000;

export function hostRoutes({ fleet, roster, register, joinTokens }: HostPorts): Route[] {
  return [
    { method: 'get', path: '/hosts', right: 'see-fleet', run: ({ res }) => void res.json(fleet.hosts()) },
    {
      method: 'post',
      path: '/hosts',
      right: 'manage-hosts',
      run({ req, res }) {
        const wish = schemas.read(schemas.newHost, req.body);
        const host = usable(hostFrom(wish, register));
        roster.add(host, wish.username ? { username: wish.username, password: wish.password ?? '' } : null);
        res.status(201).json(fleet.host(host.id));
      },
    },
    {
      method: 'delete',
      path: '/hosts/:id',
      right: 'manage-hosts',
      async run({ req, res }) {
        if (!(await roster.remove(String(req.params.id)))) throw new ApiProblem('not-found');
        res.status(204).end();
      },
    },
    {
      method: 'post',
      path: '/join-tokens',
      right: 'manage-hosts',
      run({ req, res, visitor }) {
        const wish = schemas.read(schemas.newJoinToken, req.body);
        const nowMs = register.clock.wallMs();
        const order = {
          uses: wish.uses ?? 1,
          expiresAtMs: nowMs + (wish.ttlMs ?? JOIN_TTL_MS),
          environment: wish.environment ?? null,
          tags: wish.tags ?? [],
          by: visitor.person.name,
        };
        const token = joinTokens.issue(order, nowMs);
        const body: JoinToken = { token, uses: order.uses, expiresAtMs: order.expiresAtMs };
        res.status(201).json(body);
      },
    },
  ];
}
