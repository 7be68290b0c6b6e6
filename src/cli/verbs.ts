import type { FleetVerb } from './verb.ts';
import { actVerb } from './verbs/act.ts';
import { actions, actionsCancel, actionsResume, actionsRetry } from './verbs/actions.ts';
import { actionsApprove, actionsDecline } from './verbs/actions-approve.ts';
import { alerts, alertsAck, alertsUnack } from './verbs/alerts.ts';
import {
  alertsAddChannel,
  alertsChannels,
  alertsDeliveries,
  alertsEditChannel,
  alertsRemoveChannel,
  alertsTest,
} from './verbs/alerts-channels.ts';
import { alertsAddRule, alertsEditRule, alertsRemoveRule, alertsRules } from './verbs/alerts-rules.ts';
import { audit } from './verbs/audit.ts';
import { completionVerb } from './verbs/completion.ts';
import { events } from './verbs/events.ts';
import { hosts, hostsAdd, hostsJoin, hostsRemove } from './verbs/hosts.ts';
import {
  hostsDisable,
  hostsEdit,
  hostsEnable,
  hostsMaintenance,
  hostsRestore,
  hostsRevoke,
} from './verbs/hosts-change.ts';
import { hostsImport } from './verbs/hosts-import.ts';
import { hostsJoinRevoke, hostsJoinTokens } from './verbs/hosts-join-tokens.ts';
import { doctor, hostsFound, hostsTest } from './verbs/hosts-test.ts';
import { login } from './verbs/login.ts';
import { logout } from './verbs/logout.ts';
import { profiles, profilesUse } from './verbs/profiles.ts';
import { schedules, schedulesList, schedulesShow } from './verbs/schedules.ts';
import {
  schedulesAdd,
  schedulesEdit,
  schedulesPause,
  schedulesRemove,
  schedulesResume,
  schedulesRun,
} from './verbs/schedules-change.ts';
import { search } from './verbs/search.ts';
import { send } from './verbs/send.ts';
import { shellVerb } from './verbs/shell.ts';
import { status } from './verbs/status.ts';
import { tail } from './verbs/tail.ts';
import { tokens, tokensRevoke } from './verbs/tokens.ts';
import {
  users,
  usersAdd,
  usersDisable,
  usersEnable,
  usersGrant,
  usersResetPassword,
  usersSignInBy,
} from './verbs/users.ts';

const FLEET: readonly FleetVerb[] = [
  login,
  logout,
  profiles,
  profilesUse,
  status,
  actVerb('start'),
  actVerb('stop'),
  actVerb('restart'),
  actVerb('signal'),
  actVerb('clear'),
  tail,
  send,
  search,
  events,
  alerts,
  alertsAck,
  alertsUnack,
  alertsRules,
  alertsAddRule,
  alertsEditRule,
  alertsRemoveRule,
  alertsChannels,
  alertsAddChannel,
  alertsEditChannel,
  alertsRemoveChannel,
  alertsTest,
  alertsDeliveries,
  hosts,
  hostsAdd,
  hostsJoin,
  hostsJoinTokens,
  hostsJoinRevoke,
  hostsEdit,
  hostsTest,
  hostsDisable,
  hostsEnable,
  hostsMaintenance,
  hostsRemove,
  hostsRestore,
  hostsRevoke,
  hostsImport,
  hostsFound,
  doctor,
  actVerb('update'),
  actVerb('reread'),
  actVerb('reload'),
  actVerb('shutdown'),
  actions,
  actionsCancel,
  actionsResume,
  actionsApprove,
  actionsDecline,
  actionsRetry,
  schedules,
  schedulesList,
  schedulesShow,
  schedulesAdd,
  schedulesEdit,
  schedulesPause,
  schedulesResume,
  schedulesRun,
  schedulesRemove,
  users,
  usersAdd,
  usersGrant,
  usersDisable,
  usersEnable,
  usersResetPassword,
  usersSignInBy,
  tokens,
  tokensRevoke,
  audit,
];

const WITH_COMPLETION: readonly FleetVerb[] = [...FLEET, completionVerb(FLEET)];
/** Every verb, in the order help lists them; a verb of two words belongs below the one it begins with. */
export const FLEET_VERBS: readonly FleetVerb[] = [...WITH_COMPLETION, shellVerb(WITH_COMPLETION)];
