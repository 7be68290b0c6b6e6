import { mayI } from '../../accounts/rights.ts';
import type { FleetState } from '../../control/fleet-state.ts';
import type { Roster } from '../../control/roster.ts';
import { type InputOutcome, sendInput } from '../../control/send-input.ts';
import * as bodies from '../config-schemas.ts';
import { ApiProblem, type ApiProblemKind } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { askedProcess } from './processes.ts';

export interface InputPorts {
  readonly fleet: FleetState;
  readonly roster: Roster;
}

const PROBLEM_OF: Readonly<Record<Exclude<InputOutcome['kind'], 'sent'>, ApiProblemKind>> = {
  refused: 'not-possible',
  away: 'host-away',
  unknown: 'outcome-unknown',
};

export function inputRoutes(ports: InputPorts): Route[] {
  return [
    guardedRoute({
      method: 'post',
      path: '/processes/:host/:namespec/input',
      right: 'send-input',
      says: 'Sends text to the stdin of a process, once and as it is.',
      body: bodies.input,
      answers: { 200: bodies.sentInput },
      kept: (body) => ({ bytes: lengthOf(body) }),
      problems: Object.values(PROBLEM_OF),
      run: (call) => send(call, call.body.text, ports),
    }),
  ];
}

async function send(call: Call, text: string, { fleet, roster }: InputPorts): Promise<void> {
  const { hostId, group, process: name } = askedProcess(call, fleet);
  const process = fleet.process(`${hostId}/${group}:${name}`);
  const host = fleet.host(hostId);
  if (process === null || host === null) throw new ApiProblem('not-found');
  if (!mayI(call.visitor.person, 'send-input', { host, group, process: name }))
    throw new ApiProblem('not-allowed');
  const outcome = await sendInput({ process, host }, text, roster.link(hostId));
  if (outcome.kind !== 'sent') throw new ApiProblem(PROBLEM_OF[outcome.kind], { detail: outcome.says });
  call.res.json({ bytes: outcome.bytes });
}

/** The audit keeps how much was sent, never what: it may be a password. */
function lengthOf(body: unknown): number | null {
  const text: unknown = typeof body === 'object' && body !== null && 'text' in body ? body.text : null;
  return typeof text === 'string' ? Buffer.byteLength(text) : null;
}
