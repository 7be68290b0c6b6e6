import { formatNamespec } from '@fleetvisor/agent/protocol';
import type { Target } from '../fleet/action.ts';
import { oneLine } from './terminal-text.ts';

/** A target as `status` shows it and a selector takes it: the short form where process and group are called the same;
 * a supervisor by its host. */
export function shownTarget({ host, group, process }: Omit<Target, 'hostId'>): string {
  if (group === '') return oneLine(host);
  return oneLine(`${host}/${formatNamespec(group, process)}`);
}
