/** Lists of hosts that can be taken over: what other programs keep, and plain lists of addresses. */
export const IMPORT_FORMATS = [
  'cesi',
  'nodervisor',
  'nodervisor-sql',
  'supervisord-monitor',
  'multivisor',
  'urls',
] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
