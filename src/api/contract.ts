import type { Action, Plan } from '../fleet/action.ts';
import type { Alert, AlertRule } from '../fleet/alert.ts';
import type { AuditRow } from '../fleet/audit-row.ts';
import type { ConnectionTest } from '../fleet/connection-test.ts';
import type { FleetEvent } from '../fleet/event.ts';
import type { HostView } from '../fleet/host.ts';
import type { ImportFormat } from '../fleet/import-format.ts';
import type { SearchResult, TailLine } from '../fleet/log-line.ts';
import type { UsageSeries } from '../fleet/metrics.ts';
import type { ProcessView } from '../fleet/process.ts';
import type { Drift, HostConfig } from '../fleet/process-options.ts';
import type { Timeline } from '../fleet/timeline.ts';
import type * as alertWishes from './alert-schemas.ts';
import type * as alerts from './alert-shapes.ts';
import type * as configs from './config-schemas.ts';
import type { processConfig, supervisorLog } from './config-shapes.ts';
import type * as events from './event-shapes.ts';
import type * as fleetShapes from './fleet-shapes.ts';
import type * as hosts from './host-shapes.ts';
import type * as hub from './hub-shapes.ts';
import type { pace } from './pace-schema.ts';
import type * as peopleWishes from './people-schemas.ts';
import type * as people from './people-shapes.ts';
import type * as scheduleWishes from './schedule-schemas.ts';
import type * as schedules from './schedule-shapes.ts';
import type * as wishes from './schemas.ts';
import type { Shown, Wished } from './shape.ts';
import type * as views from './view-shapes.ts';
import type { problemBody } from './words.ts';

/**
 * Where the JSON API is. Requests carry a session cookie plus the `x-csrf-token` header on anything but GET, or
 * `authorization: Bearer TOKEN`. Every error is `application/problem+json` (ProblemBody).
 *
 * The types here are those of the schemas that read and describe the API, for the CLI and the console; its routes are
 * told by `GET /api/v1/openapi.json` and, for people, by the page `/reference`.
 */
export const API_ROOT = '/api/v1';

/** Where the reference of the API is for people, and below it a page for each `type` of problem. */
export const REFERENCE = '/reference';
export const PROBLEM_PAGES = `${REFERENCE}/problems`;

/** Of the fleet's own words. */
export type {
  Action,
  Alert,
  AlertRule,
  AuditRow as AuditEntry,
  ConnectionTest,
  Drift,
  FleetEvent,
  HostConfig,
  HostView,
  ImportFormat,
  Plan,
  ProcessView,
  SearchResult,
  TailLine,
  Timeline,
  UsageSeries,
};

/** What is sent: the types of the schemas that read it. */
export type SignIn = Wished<typeof wishes.signIn>;
export type NewHost = Wished<typeof wishes.newHost>;
export type TrustWish = Wished<typeof wishes.trust>;
export type HostPatch = Wished<typeof wishes.hostPatch>;
export type TestWish = Wished<typeof wishes.testWish>;
export type ImportRequest = Wished<typeof wishes.importRequest>;
export type NewJoinToken = Wished<typeof wishes.newJoinToken>;
export type ActionRequest = Wished<typeof wishes.actionRequest>;
/** What is left out of `rolling`: one target after the other, by name, ended by the first failure. */
export type PaceWish = Wished<typeof pace>;
export type InputWish = Wished<typeof configs.input>;
/** At least one; a right that there is none of is refused by the hub. */
export type GrantsWish = readonly [GrantView, ...GrantView[]];
export type NewUser = Omit<Wished<typeof peopleWishes.newUser>, 'grants'> & { readonly grants: GrantsWish };
export type UserPatch = Omit<Wished<typeof peopleWishes.userPatch>, 'grants'> & {
  readonly grants?: GrantsWish;
};
export type OwnToken = Wished<typeof peopleWishes.ownToken>;
export type PasswordChange = Wished<typeof peopleWishes.passwordChange>;

export type NewAlertRule = Wished<typeof alertWishes.newRule>;
export type AlertRulePatch = Wished<typeof alertWishes.rulePatch>;
export type NewAlertChannel = Wished<typeof alertWishes.newChannel>;
export type AlertChannelPatch = Wished<typeof alertWishes.channelPatch>;

export type NewSchedule = Wished<typeof scheduleWishes.newSchedule>;
export type SchedulePatch = Wished<typeof scheduleWishes.schedulePatch>;

/** What comes back: the types of the schemas that describe it. */
export type SignedIn = Shown<typeof people.signedIn>;
export type Role = SignedIn['role'];
export type NewToken = Shown<typeof people.newTokenMade>;
export type DeviceBegun = Shown<typeof people.deviceBegun>;
export type DeviceView = Shown<typeof people.deviceView>;
export type DeviceWish = Wished<typeof peopleWishes.deviceWish>;
export type TokenView = Shown<typeof people.tokenView>;
export type UserView = Shown<typeof people.userView>;
export type Me = Shown<typeof people.me>;
export type GrantView = UserView['grants'][number];
export type UserMade = Shown<typeof people.userMade>;
export type SessionView = Shown<typeof people.sessionView>;
export type SecondFactorProposal = Shown<typeof people.secondFactorProposal>;
export type RecoveryCodes = Shown<typeof people.recoveryCodes>;
export type AuditPage = Shown<typeof people.auditPage>;
export type AuditCheck = Shown<typeof hub.auditCheck>;
export type HubFacts = Shown<typeof hub.hubFacts>;
export type HubSettings = Shown<typeof peopleWishes.hubSettings>;
export type ProtectedEnvironment = HubSettings['protectedEnvironments'][number];
export type NewView = Wished<typeof views.newView>;
export type ViewPatch = Wished<typeof views.viewPatch>;
export type SavedView = Shown<typeof views.savedView>;
export type RestartSlot = Shown<typeof fleetShapes.restartSlot>;
export type Fleet = Shown<typeof fleetShapes.fleet>;
export type ImportReport = Shown<typeof hosts.importReport>;
export type FoundSupervisor = Shown<typeof hosts.foundSupervisor>;
export type JoinToken = Shown<typeof hosts.joinToken>;
export type OpenJoinToken = Shown<typeof hosts.openJoinToken>;
export type EventPage = Shown<typeof events.eventPage>;
export type Crash = Shown<typeof events.crash>;
export type ProcessDetail = Shown<typeof events.processDetail>;
export type ProcessConfig = Shown<typeof processConfig>;
export type SupervisorLog = Shown<typeof supervisorLog>;
export type SentInput = Shown<typeof configs.sentInput>;
export type AlertPage = Shown<typeof alerts.alertPage>;
export type AlertCounts = Shown<typeof alerts.alertCounts>;
export type AlertChannelView = Shown<typeof alerts.alertChannel>;
export type AlertChannelTest = Shown<typeof alerts.channelTest>;
export type AlertDeliveryPage = Shown<typeof alerts.deliveryPage>;
export type AlertDelivery = AlertDeliveryPage['deliveries'][number];
export type ScheduleView = Shown<typeof schedules.scheduleView>;
export type ScheduleRun = Shown<typeof schedules.scheduleRun>;
export type ScheduleRunPage = Shown<typeof schedules.runPage>;
export type SchedulePreview = Shown<typeof schedules.schedulePreview>;
export type ProblemBody = Shown<typeof problemBody>;

export type {
  DescribedProblem,
  JsonSchema,
  OpenApiDocument,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
} from './openapi-types.ts';
