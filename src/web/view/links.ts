/** Addresses of pages, without the base path. */
export const linkTo = {
  overview: '/',
  processes: '/processes',
  groups: '/groups',
  hosts: '/hosts',
  logs: '/logs',
  actions: '/actions',
  alerts: '/alerts',
  schedules: '/schedules',
  settings: '/settings/you',
  process: ({
    host,
    process,
  }: {
    host: { name: string };
    process: { group: string; name: string };
  }): string =>
    `/processes/${encodeURIComponent(host.name)}/${encodeURIComponent(`${process.group}:${process.name}`).replace('%3A', ':')}`,
  group: (name: string): string => `/groups/${encodeURIComponent(name)}`,
  host: (host: { name: string }): string => `/hosts/${encodeURIComponent(host.name)}`,
  action: (id: string): string => `/actions/${encodeURIComponent(id)}`,
  schedule: (id: string): string => `/schedules/${encodeURIComponent(id)}`,
  logsOf: (targets: readonly string[]): string =>
    `/logs${targets.map((target, at) => `${at === 0 ? '?' : '&'}target=${encodeURIComponent(target)}`).join('')}`,
} as const;

export const NAV_KEYS = [
  'overview',
  'processes',
  'groups',
  'hosts',
  'logs',
  'actions',
  'alerts',
  'settings',
] as const;
export type NavKey = (typeof NAV_KEYS)[number];
