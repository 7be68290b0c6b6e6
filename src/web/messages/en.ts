import { actions } from './en/actions.ts';
import { alertChannels } from './en/alert-channels.ts';
import { alertRules } from './en/alert-rules.ts';
import { alerts } from './en/alerts.ts';
import { approval } from './en/approval.ts';
import { conflict } from './en/conflict.ts';
import { device } from './en/device.ts';
import { forms } from './en/forms.ts';
import { hosts } from './en/hosts.ts';
import { joinTokens } from './en/join-tokens.ts';
import { logs } from './en/logs.ts';
import { looks } from './en/looks.ts';
import { overview } from './en/overview.ts';
import { pages } from './en/pages.ts';
import { plain } from './en/plain.ts';
import { plan } from './en/plan.ts';
import { reference } from './en/reference.ts';
import { schedules } from './en/schedules.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { signOn } from './en/sign-on.ts';
import { table } from './en/table.ts';
import { views } from './en/views.ts';
import { words } from './en/words.ts';

/** Every word of the console, by place. `{name}` takes a value; `one|many` chooses by `n`. */
export const en = {
  ...alerts,
  ...alertRules,
  ...alertChannels,
  ...approval,
  ...forms,
  ...joinTokens,
  ...signOn,
  ...device,
  ...conflict,
  ...plain,
  ...reference,
  ...schedules,
  ...settings,
  ...views,
  ...shell,
  ...table,
  ...plan,
  ...hosts,
  ...words,
  ...pages,
  ...actions,
  ...logs,
  ...overview,
  ...looks,
} as const;

export type MessageKey = keyof typeof en;
