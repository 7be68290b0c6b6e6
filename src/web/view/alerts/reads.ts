import type { AlertChannelView, AlertDeliveryPage, AlertPage, AlertRule } from '../../../api/contract.ts';
import type { Read } from '../loaded.ts';

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
const open = (query: Readonly<Record<string, string>>): Read<AlertPage> => ({
  path: `/alerts?${new URLSearchParams({ state: 'open', ...query })}`,
});

/** How every list of alerts begins; the counts are none. */
export const ALERT_LISTS = [
  '/alerts?state=open&limit=500',
  '/alerts?state=open&limit=20',
  '/alerts?state=closed',
];

/** What the console asks of the API about alerts. */
export const alertReads = {
  /** How many are open: one of them is asked for, the counts are of all. The hub tells when they change. */
  counts: () => ({ ...open({ limit: '1' }), freshMs: 300_000 }),
  open: (filter: Readonly<Record<string, string>>) => open({ limit: '500', ...filter }),
  closed: (query: Readonly<Record<string, string>>): Read<AlertPage> => ({
    path: `/alerts?${new URLSearchParams({ state: 'closed', limit: '50', ...query })}`,
  }),
  ofHost: (host: string) => open({ limit: '20', selector: `${host}/*:*` }),
  /** Those of its host concern it too. */
  ofProcess: (host: string, group: string, process: string) =>
    open({ limit: '20', selector: `${host}/${quoted(group)}:${quoted(process)}` }),
  rules: (): Read<readonly AlertRule[]> => ({ path: '/alert-rules' }),
  channels: (): Read<readonly AlertChannelView[]> => ({ path: '/alert-channels' }),
  deliveries: (): Read<AlertDeliveryPage> => ({ path: '/alert-deliveries?limit=50' }),
} as const;
