import type { Right } from '../accounts/rights.ts';

/** What becomes of what lies beyond somebody's grants. */
export type Beyond =
  /** Lists and streams: it is not in them. */
  | 'left out'
  /** One thing asked for by name: 404, as if it did not exist. */
  | 'not found'
  /** Of an action: what is not seen is not named; what is only seen is left alone, with the reason. */
  | 'left alone'
  /** Rights over the hub itself: a role on a part of the fleet does not give them. */
  | 'refused'
  /** It is about the asker alone, or about nothing on the fleet. */
  | 'own';

export interface Permission {
  readonly right: Right | 'anyone';
  readonly beyond: Beyond;
}

const may = (right: Permission['right'], beyond: Beyond): Permission => ({ right, beyond });

/**
 * Who may what: every route of the API and every event a browser may send. A test drives all of them as everybody
 * and fails for one that is missing here; `docs/permissions.md` is this table as a page.
 */
export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  'POST /session': may('anyone', 'own'),
  'GET /session': may('see-fleet', 'own'),
  'DELETE /session': may('see-fleet', 'own'),
  'POST /tokens': may('anyone', 'own'),
  'GET /tokens': may('manage-own-tokens', 'own'),
  'DELETE /tokens/:id': may('manage-own-tokens', 'own'),
  'POST /device': may('anyone', 'own'),
  'POST /device/token': may('anyone', 'own'),
  'GET /me/device/:code': may('manage-own-tokens', 'own'),
  'POST /me/device/:code/approve': may('manage-own-tokens', 'own'),
  'POST /me/device/:code/deny': may('manage-own-tokens', 'own'),
  'GET /me': may('see-fleet', 'own'),
  'GET /me/sessions': may('manage-own-tokens', 'own'),
  'DELETE /me/sessions/:session': may('manage-own-tokens', 'own'),
  'POST /me/tokens': may('manage-own-tokens', 'own'),
  'POST /me/password': may('manage-own-tokens', 'own'),
  'POST /me/second-factor': may('manage-own-tokens', 'own'),
  'POST /me/second-factor/confirm': may('manage-own-tokens', 'own'),
  'POST /me/second-factor/drop': may('manage-own-tokens', 'own'),

  'GET /openapi.json': may('anyone', 'own'),

  'GET /fleet': may('see-fleet', 'left out'),
  'GET /restarts': may('see-fleet', 'left out'),
  'GET /processes': may('see-fleet', 'left out'),
  'GET /hosts': may('see-fleet', 'left out'),
  'GET /hosts/:id': may('see-fleet', 'not found'),
  'GET /processes/:host/:namespec': may('see-fleet', 'not found'),
  'GET /processes/:host/:namespec/crashes': may('see-fleet', 'not found'),
  'GET /processes/:host/:namespec/metrics': may('see-fleet', 'not found'),
  'GET /processes/:host/:namespec/timeline': may('see-fleet', 'not found'),
  'GET /processes/:host/:namespec/config': may('see-fleet', 'not found'),
  'POST /processes/:host/:namespec/input': may('send-input', 'not found'),
  'GET /groups/:group/drift': may('see-fleet', 'not found'),
  'GET /hosts/:id/config': may('see-fleet', 'not found'),
  'GET /hosts/:id/log': may('read-logs', 'not found'),
  'GET /hosts/:id/metrics': may('see-fleet', 'not found'),
  'GET /hosts/:id/timeline': may('see-fleet', 'not found'),
  'GET /events': may('see-fleet', 'left out'),
  'GET /events/stream': may('see-fleet', 'left out'),
  'GET /tail': may('read-logs', 'left out'),
  'GET /search': may('read-logs', 'left out'),
  'GET /download': may('read-logs', 'left out'),

  'POST /plans': may('see-fleet', 'left alone'),
  'POST /actions': may('act', 'left alone'),
  'GET /actions': may('see-fleet', 'left out'),
  'GET /actions/:id': may('see-fleet', 'not found'),
  'GET /actions/:id/events': may('see-fleet', 'not found'),
  'POST /actions/:id/cancel': may('act', 'not found'),
  'POST /actions/:id/resume': may('act', 'not found'),
  'POST /actions/:id/approve': may('act', 'not found'),
  'POST /actions/:id/decline': may('act', 'not found'),

  'GET /schedules': may('see-fleet', 'left out'),
  'POST /schedules/preview': may('see-fleet', 'left alone'),
  'POST /schedules': may('act', 'left alone'),
  'GET /schedules/:id': may('see-fleet', 'not found'),
  'PATCH /schedules/:id': may('act', 'not found'),
  'DELETE /schedules/:id': may('act', 'not found'),
  'POST /schedules/:id/pause': may('act', 'not found'),
  'POST /schedules/:id/resume': may('act', 'not found'),
  'POST /schedules/:id/run': may('act', 'not found'),
  'POST /schedules/:id/restore': may('act', 'not found'),
  'GET /schedules/:id/runs': may('see-fleet', 'not found'),

  'POST /hosts': may('manage-hosts', 'refused'),
  'PATCH /hosts/:id': may('manage-hosts', 'refused'),
  'DELETE /hosts/:id': may('manage-hosts', 'refused'),
  'POST /hosts/:id/restore': may('manage-hosts', 'refused'),
  'POST /hosts/:id/revoke': may('manage-hosts', 'refused'),
  'POST /hosts/:id/test': may('manage-hosts', 'refused'),
  'POST /hosts/test': may('manage-hosts', 'refused'),
  'POST /hosts/import': may('manage-hosts', 'refused'),
  'GET /hosts/found': may('manage-hosts', 'refused'),
  'POST /join-tokens': may('manage-hosts', 'refused'),
  'GET /join-tokens': may('manage-hosts', 'refused'),
  'DELETE /join-tokens/:id': may('manage-hosts', 'refused'),

  'GET /alerts': may('see-fleet', 'left out'),
  'GET /alerts/:id': may('see-fleet', 'not found'),
  'POST /alerts/:id/acknowledge': may('act', 'not found'),
  'POST /alerts/:id/unacknowledge': may('act', 'not found'),
  'GET /alert-rules': may('manage-hosts', 'refused'),
  'POST /alert-rules': may('manage-hosts', 'refused'),
  'GET /alert-rules/:id': may('manage-hosts', 'refused'),
  'PATCH /alert-rules/:id': may('manage-hosts', 'refused'),
  'DELETE /alert-rules/:id': may('manage-hosts', 'refused'),
  'GET /alert-channels': may('manage-hosts', 'refused'),
  'POST /alert-channels': may('manage-hosts', 'refused'),
  'GET /alert-channels/:id': may('manage-hosts', 'refused'),
  'PATCH /alert-channels/:id': may('manage-hosts', 'refused'),
  'DELETE /alert-channels/:id': may('manage-hosts', 'refused'),
  'POST /alert-channels/:id/test': may('manage-hosts', 'refused'),
  'GET /alert-deliveries': may('manage-hosts', 'refused'),

  'GET /users': may('manage-people', 'refused'),
  'POST /users': may('manage-people', 'refused'),
  'GET /users/:id': may('manage-people', 'refused'),
  'PATCH /users/:id': may('manage-people', 'refused'),
  'POST /users/:id/password': may('manage-people', 'refused'),
  'DELETE /users/:id/second-factor': may('manage-people', 'refused'),
  'GET /users/:id/sessions': may('manage-people', 'refused'),
  'DELETE /users/:id/sessions/:session': may('manage-people', 'refused'),
  'GET /audit': may('read-audit', 'refused'),
  'GET /audit/export': may('read-audit', 'refused'),
  'GET /audit/check': may('read-audit', 'refused'),
  'GET /hub': may('manage-hub', 'refused'),
  'GET /views': may('see-fleet', 'own'),
  'POST /views': may('see-fleet', 'own'),
  'PATCH /views/:id': may('see-fleet', 'own'),
  'DELETE /views/:id': may('see-fleet', 'own'),
  'GET /settings': may('see-fleet', 'own'),
  'PATCH /settings': may('manage-hub', 'refused'),

  'socket watch': may('see-fleet', 'left out'),
  'socket tail:open': may('read-logs', 'left out'),
  'socket tail:credit': may('read-logs', 'own'),
  'socket tail:close': may('see-fleet', 'own'),
};
