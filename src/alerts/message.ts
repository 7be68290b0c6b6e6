import {
  type Alert,
  type AlertRule,
  alertTitle,
  type Ending,
  type MessageReason,
  type Severity,
  subjectText,
} from '../fleet/alert.ts';
import { durationText } from '../fleet/duration-text.ts';

/** What a message to a channel says: the same for every kind of channel, and what a webhook gets as JSON. */
export interface AlertMessage {
  /** Of this shape; a later one that leaves something out counts up. */
  readonly version: 1;
  readonly reason: MessageReason;
  readonly atMs: number;
  /** The whole in one line. */
  readonly says: string;
  /** Null of a test. */
  readonly rule: { readonly id: string; readonly name: string } | null;
  readonly severity: Severity | null;
  /** How many alerts it is about. */
  readonly count: number;
  /** The first of them. */
  readonly alerts: readonly MessageAlert[];
  /** The console's page of alerts; null: nobody told the hub how people reach it. */
  readonly link: string | null;
}

export interface MessageAlert {
  readonly id: number;
  readonly host: string;
  /** `group:process`; null of a whole host. */
  readonly process: string | null;
  readonly says: string;
  readonly lastLine: string;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  readonly ending: Ending | null;
  readonly count: number;
}

/** So many of the alerts of one message are named. */
const MOST_NAMED = 20;

/** What opened, closed or is told again by one rule, as one message. */
export function messageOf(
  reason: Exclude<MessageReason, 'test'>,
  rule: Pick<AlertRule, 'id' | 'name' | 'severity'>,
  alerts: readonly Alert[],
  { atMs, link }: Pick<AlertMessage, 'atMs' | 'link'>,
): AlertMessage {
  return {
    version: 1,
    reason,
    atMs,
    says: headline(reason, alerts),
    rule: { id: rule.id, name: rule.name },
    severity: rule.severity,
    count: alerts.length,
    alerts: alerts.slice(0, MOST_NAMED).map(named),
    link,
  };
}

/** What is sent to try a channel. */
export function testMessage({ atMs, link }: Pick<AlertMessage, 'atMs' | 'link'>): AlertMessage {
  const says = 'A test of Fleetvisor: this is where alerts arrive.';
  return { version: 1, reason: 'test', atMs, says, rule: null, severity: null, count: 0, alerts: [], link };
}

/** The lines below the first one. */
export function detailLines({ alerts, count, reason }: AlertMessage): string[] {
  if (count <= 1)
    return alerts.flatMap(({ lastLine }) => (lastLine === '' || reason === 'closed' ? [] : lastLine));
  const lines = alerts.map((alert) => {
    const name = alert.process === null ? alert.host : `${alert.host}/${alert.process}`;
    return reason === 'closed' ? name : `${name} ${alert.says}`;
  });
  return count > alerts.length ? [...lines, `… and ${count - alerts.length} more`] : lines;
}

function named(alert: Alert): MessageAlert {
  const { id, host, group, process, says, lastLine, openedAtMs, closedAtMs, ending, count } = alert;
  const name = group === '' && process === '' ? null : `${group}:${process}`;
  return { id, host, process: name, says, lastLine, openedAtMs, closedAtMs, ending, count };
}

function headline(reason: Exclude<MessageReason, 'test'>, alerts: readonly Alert[]): string {
  const [only, ...more] = alerts;
  if (only === undefined) return '';
  if (reason === 'closed')
    return more.length === 0 ? closing(only) : `${howMany(alerts)} are well again, or gone`;
  const says = more.length === 0 ? alertTitle(only) : `${howMany(alerts)} ${together(alerts)}`;
  return reason === 'repeated' ? `Still: ${says}` : says;
}

function closing(alert: Alert): string {
  const after = durationText(Math.max(0, (alert.closedAtMs ?? alert.openedAtMs) - alert.openedAtMs));
  return `${subjectText(alert)} ${ENDED[alert.ending ?? 'well']}, after ${after}`;
}

const ENDED: Readonly<Record<Ending, string>> = {
  well: 'is well again',
  gone: 'is gone',
  'rule-changed': 'is no longer looked at by this rule',
  'host-disabled': 'is on a host that was disabled',
};

/** `12 processes on 3 hosts` */
function howMany(alerts: readonly Alert[]): string {
  const hosts = new Set(alerts.map(({ hostId }) => hostId)).size;
  const onHosts = hosts === 1 ? `on ${alerts[0]?.host ?? ''}` : `on ${hosts} hosts`;
  const isOfHosts = alerts.every(({ group, process }) => group === '' && process === '');
  return isOfHosts ? `${alerts.length} hosts` : `${alerts.length} processes ${onHosts}`;
}

/** What several have in common, by what is said of each. */
const TOGETHER: readonly (readonly [begins: string, says: string])[] = [
  ['alert.fatal', 'are FATAL'],
  ['alert.exited', 'exited unexpectedly'],
  ['alert.signalled', 'exited unexpectedly'],
  ['alert.backoff', 'are in BACKOFF'],
  ['alert.flapping', 'are restarted again and again'],
  ['alert.memory', 'use too much memory'],
  ['alert.unreachable', 'are unreachable'],
];

function together(alerts: readonly Alert[]): string {
  const said = new Set(
    alerts.map(({ said: what }) => TOGETHER.find(([begins]) => what?.key.startsWith(begins))?.[1]),
  );
  const [only, ...more] = said;
  return more.length === 0 && only !== undefined ? only : 'are in trouble';
}
