/** What a person may be allowed to do; each route, page and socket event names exactly one. */
export const RIGHTS = [
  'see-fleet',
  'read-logs',
  'act',
  'send-input',
  'restart-supervisors',
  'end-supervisors',
  'manage-hosts',
  'manage-people',
  'manage-hub',
  'read-audit',
  'manage-own-tokens',
] as const;
export type Right = (typeof RIGHTS)[number];

export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];
