import type { HostView } from '../../fleet/host.ts';
import { VERB_ICONS } from './plan.ts';
import { mayAct, type Reader } from './reader.ts';

/** One line of a menu: what it does, with what, or why it cannot. */
export interface MenuItem {
  readonly does: string;
  readonly label: string;
  readonly icon: string;
  readonly id?: string;
  readonly verb?: string;
  readonly selector?: string;
  readonly off?: string | null;
  readonly danger?: boolean;
}
export const RULE = { rule: true } as const;
export type MenuLine = MenuItem | typeof RULE;

/** Verbs that are asked for seldom: they open their plan as the others do. */
export function quieterVerbs(selector: string, reader: Reader): readonly MenuLine[] {
  const { say } = reader;
  const off = mayAct(reader) ? null : say('cannot.viewer');
  return [
    { does: 'plan', verb: 'signal', selector, label: say('do.signal'), icon: 'bolt', off },
    { does: 'plan', verb: 'clear', selector, label: say('do.clearLogs'), icon: 'eraser', off },
  ];
}

export function hostVerbs(selector: string, reader: Reader): readonly MenuLine[] {
  const off = mayAct(reader) ? null : reader.say('cannot.viewer');
  const item = (verb: 'reread' | 'update' | 'reload' | 'shutdown', danger = false): MenuItem => ({
    does: 'plan',
    verb,
    selector,
    label: reader.say(`do.${verb}`),
    icon: VERB_ICONS[verb],
    off,
    danger,
  });
  return [item('update'), item('reread'), RULE, item('reload', true), item('shutdown', true)];
}

/** What an admin does with the hub's entry of a host. */
export function hostCare({ id, maintenance, disabled }: HostView, { say }: Reader): readonly MenuLine[] {
  const item = (does: string, label: string, icon: string, verb = ''): MenuItem => ({
    does,
    id,
    verb,
    label,
    icon,
  });
  return [
    item('test-host', say('do.testHost'), 'stethoscope'),
    item('edit-host', say('do.edit'), 'pencil'),
    maintenance === undefined
      ? item('maintain-host', say('do.maintain'), 'tool')
      : item('end-maintenance', say('do.endMaintenance'), 'tool'),
    disabled
      ? item('disable-host', say('do.enable'), 'plug-connected', 'enable')
      : item('disable-host', say('do.disable'), 'plug-connected-x', 'disable'),
    RULE,
    { ...item('remove-host', say('do.remove'), 'trash'), danger: true },
  ];
}
