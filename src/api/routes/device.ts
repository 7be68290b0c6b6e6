import type { Request } from 'express';
import type { z } from 'zod';
import type { Accounts } from '../../accounts/accounts.ts';
import { DEVICE_INTERVAL_MS, type DeviceLogin, type DeviceLogins } from '../../accounts/device-logins.ts';
import { grantProblem } from '../../accounts/grant-problem.ts';
import { note } from '../audited.ts';
import { API_ROOT, type DeviceBegun, type DeviceView } from '../contract.ts';
import * as schemas from '../people-schemas.ts';
import * as shapes from '../people-shapes.ts';
import { ApiProblem } from '../problems.ts';
import { type Answering, type Call, guardedRoute, openRoute, type Route } from '../route.ts';
import { mustProve } from './own.ts';
import { limitOf, SIGN_IN_PROBLEMS, TOKEN_TTL_MS } from './session.ts';

export interface DevicePorts {
  readonly accounts: Accounts;
  readonly devices: DeviceLogins;
  /** The hub as people reach it; null: as each of them asks. */
  readonly publicUrl: string | null;
}

/** How a command is signed in by somebody who is signed in to the console, by whatever door. */
export function deviceRoutes(ports: DevicePorts): Route[] {
  const { devices } = ports;
  return [
    openRoute({
      method: 'post',
      path: '/device',
      right: 'anyone',
      limited: true,
      says: 'Asks for a code with which somebody signed in to the console lets a command in.',
      more: 'The shape of RFC 8628: show `userCode` and `verificationUri`, then ask POST /device/token every `intervalMs`.',
      body: schemas.deviceWish,
      answers: { 201: shapes.deviceBegun },
      problems: ['unusable'],
      run: (call) => begin(call, ports),
    }),
    openRoute({
      method: 'post',
      path: '/device/token',
      right: 'anyone',
      changes: 'nothing',
      says: 'Hands over the token, once, after somebody let the command in.',
      body: schemas.deviceCode,
      answers: { 201: shapes.newTokenMade },
      problems: ['authorization-pending', 'access-denied', 'expired-code', 'too-many-requests'],
      run({ res, body }) {
        const polled = devices.poll(body.deviceCode);
        if (polled.kind === 'approved') res.status(201).json(polled.token);
        else throw refusalOf(polled.kind);
      },
    }),
    guardedRoute({
      method: 'get',
      path: '/me/device/:code',
      right: 'manage-own-tokens',
      says: 'Tells which command waits under a code, from where, and what it would get.',
      answers: { 200: shapes.deviceView },
      problems: ['too-many-requests'],
      run: (call) => void call.res.json(viewOf(asked(call, ports), call.req)),
    }),
    guardedRoute({
      method: 'post',
      path: '/me/device/:code/approve',
      right: 'manage-own-tokens',
      says: 'Lets a command in as the asker: it gets a token of theirs.',
      more: 'From a session alone. Takes the password once more; who has none here must have signed in within the last 15 minutes.',
      body: schemas.deviceApproval,
      answers: { 204: 'nothing' },
      problems: [...SIGN_IN_PROBLEMS, 'sign-in-again'],
      run: (call) => approve(call, ports),
    }),
    guardedRoute({
      method: 'post',
      path: '/me/device/:code/deny',
      right: 'manage-own-tokens',
      says: 'Turns a command away.',
      answers: { 204: 'nothing' },
      problems: ['too-many-requests'],
      run(call) {
        const login = asked(call, ports);
        devices.answer(login, 'denied');
        note(call.req, { target: login.label, after: { address: login.address } });
        call.res.status(204).end();
      },
    }),
  ];
}

function begin(
  { req, res, body }: Answering<undefined, z.output<typeof schemas.deviceWish>>,
  { devices, publicUrl }: DevicePorts,
): void {
  const { label, ttlMs = TOKEN_TTL_MS, ...wish } = body;
  const limit = limitOf(wish);
  const problem = limit === null ? null : grantProblem([limit]);
  if (problem !== null) throw new ApiProblem('unusable', { problems: [{ ...problem, where: 'scope' }] });
  const begun = devices.begin({ label, ttlMs, limit, address: req.ip ?? '' });
  if (begun === null) throw new ApiProblem('too-many-requests', { retryAfterMs: 60_000 });
  const { userCode, expiresAtMs } = begun.login;
  note(req, { target: userCode, after: { label } });
  res.status(201).json({
    deviceCode: begun.deviceCode,
    userCode,
    verificationUri: `${publicUrl ?? originOf(req)}${basePathOf(req)}/device`,
    expiresAtMs,
    intervalMs: DEVICE_INTERVAL_MS,
  } satisfies DeviceBegun);
}

async function approve(
  call: Call<undefined, z.output<typeof schemas.deviceApproval>>,
  ports: DevicePorts,
): Promise<void> {
  const { visitor, body, req, res } = call;
  // A token that could let commands in would be worth more than it says it is.
  if (visitor.by !== 'session') throw new ApiProblem('not-allowed', { detail: 'a token lets nobody in' });
  asked(call, ports);
  await mustProve(call, ports.accounts);
  const login = asked(call, ports); // once more: the password took a while
  const { userId, name } = visitor.person;
  const ttlMs = body.ttlMs ?? login.ttlMs;
  const made = ports.accounts.newToken(userId, login.label, ttlMs, login.limit);
  ports.devices.answer(login, { ...made, user: name });
  const { label, limit, address } = login;
  note(req, { target: label, after: { id: made.id, label, limit, address, expiresAtMs: made.expiresAtMs } });
  res.status(204).end();
}

function asked({ req, visitor }: Call, { devices }: DevicePorts): DeviceLogin {
  const found = devices.find(String(req.params.code), visitor.person.userId);
  if (found === 'slow') throw new ApiProblem('too-many-requests', { retryAfterMs: 600_000 });
  if (found === null) throw new ApiProblem('not-found', { detail: 'no command waits under this code' });
  return found;
}

function viewOf(
  { userCode, label, limit, ttlMs, address, askedAtMs, expiresAtMs }: DeviceLogin,
  req: Request,
): DeviceView {
  const isSameAddress = address === req.ip;
  return { userCode, label, limit, ttlMs, address, isSameAddress, askedAtMs, expiresAtMs };
}

function refusalOf(kind: 'pending' | 'too-soon' | 'denied' | 'gone'): ApiProblem {
  if (kind === 'too-soon') return new ApiProblem('too-many-requests', { retryAfterMs: DEVICE_INTERVAL_MS });
  if (kind === 'pending') return new ApiProblem('authorization-pending');
  return new ApiProblem(kind === 'denied' ? 'access-denied' : 'expired-code');
}

/** `https://fleet.example.net` as the command asked. */
function originOf(req: Request): string {
  const address = `${req.protocol}://${req.host ?? ''}`;
  return URL.canParse(address) ? new URL(address).origin : 'http://localhost';
}

const basePathOf = (req: Request): string => req.baseUrl.slice(0, -API_ROOT.length);
