import { z } from 'zod';
import type { People } from '../../accounts/people.ts';
import { mayI } from '../../accounts/rights.ts';
import type { Clock } from '../../clock.ts';
import { randomId } from '../../store/secret.ts';
import type { ViewRow, Views } from '../../store/views.ts';
import { note } from '../audited.ts';
import type { SavedView } from '../contract.ts';
import { ApiProblem } from '../problems.ts';
import { type Call, guardedRoute, type Route } from '../route.ts';
import { newView, savedView, viewPatch } from '../view-shapes.ts';

export interface ViewPorts {
  readonly views: Views;
  readonly people: People;
  readonly clock: Clock;
}

const MOST = 200;

/** Saved views: one's own, and those that others share. Only their owners change them. */
export function viewRoutes(ports: ViewPorts): Route[] {
  const { views } = ports;
  return [
    guardedRoute({
      method: 'get',
      path: '/views',
      right: 'see-fleet',
      says: 'Lists the asker’s saved views and the shared ones, by name.',
      answers: { 200: z.array(savedView) },
      run(call) {
        const me = meIn(call);
        call.res.json(views.seenBy(me).map((view) => shown(view, me, ports)));
      },
    }),
    guardedRoute({
      method: 'post',
      path: '/views',
      right: 'see-fleet',
      says: 'Saves a view under a name.',
      body: newView,
      answers: { 201: savedView },
      problems: ['unusable'],
      run(call) {
        const { opensFirst, ...wish } = call.body;
        const me = meIn(call);
        if (views.seenBy(me).filter(({ ownerId }) => ownerId === me).length >= MOST)
          throw unusable('name', `you have ${MOST} views already`, 'Remove one first.');
        const view = { id: randomId('v'), ownerId: me, createdAtMs: ports.clock.wallMs(), ...wish };
        mustBeFree(view, ports);
        views.add(view);
        if (opensFirst) views.setDefault(me, view);
        note(call.req, { target: view.name, after: wish });
        call.res.status(201).json(shown(view, me, ports));
      },
    }),
    guardedRoute({
      method: 'patch',
      path: '/views/:id',
      right: 'see-fleet',
      says: 'Changes a view of the asker, or whether a view opens first for them.',
      body: viewPatch,
      answers: { 200: savedView },
      problems: ['unusable'],
      run(call) {
        const { opensFirst, ...patch } = call.body;
        const before = asked(call, ports);
        const me = meIn(call);
        if (Object.keys(patch).length > 0) change(before, patch, call, ports);
        if (opensFirst === true) views.setDefault(me, before);
        if (opensFirst === false) views.dropDefault(me, before.id);
        call.res.json(shown(asked(call, ports), me, ports));
      },
    }),
    guardedRoute({
      method: 'delete',
      path: '/views/:id',
      right: 'see-fleet',
      says: 'Removes a view of the asker; an administrator of the hub also removes what others share.',
      answers: { 204: 'nothing' },
      run(call) {
        const view = asked(call, ports);
        if (view.ownerId !== meIn(call) && !mayI(call.visitor.person, 'manage-hub'))
          throw new ApiProblem('not-allowed', { detail: 'it is somebody else’s' });
        views.remove(view.id);
        note(call.req, { before: view });
        call.res.status(204).end();
      },
    }),
  ];
}

const meIn = ({ visitor }: Call): string => visitor.person.userId;

/** The view an address of the API names, if whoever asks sees it. */
function asked(call: Call, { views }: ViewPorts): ViewRow {
  const view = views.byId(String(call.req.params.id));
  if (view === null || (view.ownerId !== meIn(call) && !view.shared)) throw new ApiProblem('not-found');
  return view;
}

function change(before: ViewRow, patch: z.output<typeof viewPatch>, call: Call, ports: ViewPorts): void {
  if (before.ownerId !== meIn(call))
    throw new ApiProblem('not-allowed', { detail: 'it is somebody else’s: save it under a name of yours' });
  const { name = before.name, query = before.query, shared = before.shared } = patch;
  const after = { ...before, name, query, shared };
  mustBeFree(after, ports);
  ports.views.change(after);
  note(call.req, { before, after });
}

/** Two views of one person and page are told apart by their names. */
function mustBeFree({ id, ownerId, page, name }: ViewRow, { views }: ViewPorts): void {
  const taken = views
    .seenBy(ownerId)
    .some((one) => one.ownerId === ownerId && one.page === page && one.name === name && one.id !== id);
  if (taken)
    throw unusable('name', `you have a view named ${name}`, 'Take another name, or change that one.');
}

const unusable = (where: string, says: string, hint: string): ApiProblem =>
  new ApiProblem('unusable', { problems: [{ where, says, hint }] });

function shown(view: ViewRow, me: string, { views, people }: ViewPorts): SavedView {
  const { id, name, page, query, shared, ownerId } = view;
  return {
    id,
    name,
    page,
    query,
    shared,
    owner: people.byId(ownerId)?.name ?? '',
    own: ownerId === me,
    opensFirst: views.defaultsOf(me).has(id),
  };
}
