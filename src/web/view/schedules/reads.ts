import type { ScheduleRunPage, ScheduleView } from '../../../api/contract.ts';
import type { Read } from '../loaded.ts';

export const schedulePath = (id: string): string => `/schedules/${encodeURIComponent(id)}`;

/** What the console asks of the API about schedules. */
export const scheduleReads = {
  all: (): Read<readonly ScheduleView[]> => ({ path: '/schedules' }),
  one: (id: string): Read<ScheduleView> => ({ path: schedulePath(id) }),
  runs: (id: string, before: string): Read<ScheduleRunPage> => ({
    path: `${schedulePath(id)}/runs?${new URLSearchParams({ limit: '50', ...(before === '' ? {} : { before }) })}`,
  }),
} as const;
