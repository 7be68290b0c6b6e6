import type { Said } from './said.ts';

/** What of a process a rule may look at. */
export const TROUBLES = ['FATAL', 'exited-unexpectedly', 'BACKOFF'] as const;
export type Trouble = (typeof TROUBLES)[number];

export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule looks for, with its figures. */
export type Condition =
  | { readonly kind: 'process-state'; readonly states: readonly Trouble[] }
  /** So many restarts nobody asked for within so many seconds. */
  | { readonly kind: 'flapping'; readonly restarts: number; readonly withinSeconds: number }
  | { readonly kind: 'host-unreachable' }
  /** Where an agent measures. */
  | { readonly kind: 'memory-over'; readonly bytes: number };

export type ConditionKind = Condition['kind'];

/** When an alert opens and closes, and who is told. */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly condition: Condition;
  /** A target selector; of hosts it looks at the part before the slash alone. */
  readonly selector: string;
  /** It must hold so long before an alert opens. */
  readonly forSeconds: number;
  /** It must be well so long before the alert closes; what comes back earlier counts up. */
  readonly clearSeconds: number;
  readonly severity: Severity;
  /** Ids of channels; `all`: every channel there is. */
  readonly channels: 'all' | readonly string[];
  /** An open alert nobody acknowledged is told of again so often; 0: never. */
  readonly repeatMinutes: number;
}

/** What an alert is about, by the host's id; group and process are empty for a whole host. */
export interface AlertSubject {
  readonly hostId: string;
  /** The host's name at the time. */
  readonly host: string;
  readonly group: string;
  readonly process: string;
}

/** What is wrong, in words, and by what it says where the hub itself said it. */
export interface AlertCause {
  readonly says: string;
  readonly said?: Said;
  /** Of the process's last words the last line; empty: none known. */
  readonly lastLine: string;
}

export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  readonly note: string;
}

/** Why an alert closed. */
export const ENDINGS = ['well', 'gone', 'rule-changed', 'host-disabled'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Something a rule found wrong, from its begin to its end. */
export interface Alert extends AlertSubject, AlertCause {
  /** Grows with every alert. */
  readonly id: number;
  readonly ruleId: string;
  /** The rule's name at the time. */
  readonly rule: string;
  readonly kind: ConditionKind;
  readonly severity: Severity;
  readonly openedAtMs: number;
  /** When it was last found wrong anew. */
  readonly lastAtMs: number;
  /** Null while it is open. */
  readonly closedAtMs: number | null;
  readonly ending: Ending | null;
  /** How often it was found wrong anew while it was open, the first time included. */
  readonly count: number;
  readonly acknowledged: Acknowledgement | null;
}

export const CHANNEL_KINDS = ['webhook', 'slack', 'email'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const MAIL_SECURITIES = ['tls', 'starttls', 'none'] as const;

/** Where messages go, without anything secret. */
export type ChannelPlace =
  | { readonly kind: 'webhook'; readonly url: string }
  | { readonly kind: 'slack'; readonly url: string }
  | {
      readonly kind: 'email';
      readonly host: string;
      readonly port: number;
      /** `tls`: from the first byte; `starttls`: before anything is said; `none`: in the clear. */
      readonly security: (typeof MAIL_SECURITIES)[number];
      readonly username: string | null;
      readonly from: string;
      readonly to: readonly string[];
    };

/** What is told of alerts, for whom: the reason of a message. */
export const MESSAGE_REASONS = ['opened', 'closed', 'repeated', 'test'] as const;
export type MessageReason = (typeof MESSAGE_REASONS)[number];

/** Where a message to one channel stands. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed', 'dropped'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** `web-01/api:api_00`, or the host alone. */
export function subjectText({ host, group, process }: AlertSubject): string {
  return group === '' && process === '' ? host : `${host}/${group}:${process}`;
}

/** `web-01/api:api_00 is FATAL: too many start retries` */
export function alertTitle(alert: AlertSubject & Pick<AlertCause, 'says'>): string {
  return `${subjectText(alert)} ${alert.says}`;
}
