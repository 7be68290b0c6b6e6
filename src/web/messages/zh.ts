import type { MessageKey } from './en.ts';
import { actions } from './zh/actions.ts';
import { alertChannels } from './zh/alert-channels.ts';
import { alertRules } from './zh/alert-rules.ts';
import { alerts } from './zh/alerts.ts';
import { approval } from './zh/approval.ts';
import { conflict } from './zh/conflict.ts';
import { device } from './zh/device.ts';
import { forms } from './zh/forms.ts';
import { hosts } from './zh/hosts.ts';
import { joinTokens } from './zh/join-tokens.ts';
import { logs } from './zh/logs.ts';
import { looks } from './zh/looks.ts';
import { overview } from './zh/overview.ts';
import { pages } from './zh/pages.ts';
import { plain } from './zh/plain.ts';
import { plan } from './zh/plan.ts';
import { reference } from './zh/reference.ts';
import { schedules } from './zh/schedules.ts';
import { settings } from './zh/settings.ts';
import { shell } from './zh/shell.ts';
import { signOn } from './zh/sign-on.ts';
import { table } from './zh/table.ts';
import { views } from './zh/views.ts';
import { words } from './zh/words.ts';

/** 简体中文, complete: a key without a line here does not compile. supervisord's own words stay as they are. */
export const zh: Readonly<Record<MessageKey, string>> = {
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
};
