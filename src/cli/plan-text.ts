import { formatNamespec } from '@fleetvisor/agent/protocol';
import type { Plan } from '../api/contract.ts';
import type { PlannedTarget } from '../fleet/action.ts';
import { shownTarget } from './shown-target.ts';
import { oneLine } from './terminal-text.ts';

/** What an action will touch, host by host, and what it leaves alone and why. */
export function planLines(plan: Plan): string[] {
  const { verb, targets, leftAlone, hosts } = plan;
  const head = `${verb} ${counted(targets.length, 'process', 'processes')} on ${counted(hosts.length, 'host', 'hosts')}`;
  return [
    targets.length === 0 ? `Nothing to ${verb}.` : `Will ${head}:`,
    ...hosts.map((host) => `  ${oneLine(host)}: ${namesOn(host, targets)}`),
    ...leftAlone.map((target) => `  left alone: ${shownTarget(target)} ${oneLine(target.reason)}`),
  ];
}

function namesOn(host: string, targets: readonly PlannedTarget[]): string {
  return targets
    .filter((target) => target.host === host)
    .map(({ group, process }) => oneLine(formatNamespec(group, process)))
    .join(' ');
}

/** `1 host`, `4 hosts`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
