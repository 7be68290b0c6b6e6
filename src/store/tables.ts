import type { Generated } from 'kysely';
import type {
  ChannelKind,
  ConditionKind,
  DeliveryState,
  Ending,
  MessageReason,
  Severity,
} from '../fleet/alert.ts';
import type { Missed, RunCause, RunState } from '../fleet/schedule.ts';

/** The columns as they lie in SQLite: integer milliseconds, 0/1 for booleans, JSON as text. */
export interface Tables {
  readonly hosts: {
    id: string;
    name: string;
    kind: 'agent' | 'supervisord';
    url: string | null;
    environment: string | null;
    tags: string;
    disabled: number;
    created_at_ms: number;
    notes: string;
    maintenance: string | null;
    trust_kind: 'authority' | 'pinned' | null;
    trust_sha256: string | null;
    trust_pem: string | null;
    removed_at_ms: number | null;
    removed_name: string | null;
  };
  readonly agent_keys: {
    public_key: string;
    host_id: string;
    joined_at_ms: number;
    revoked_at_ms: number | null;
    hub_key: string | null;
  };
  readonly uplink_cursors: { host_id: string; epoch: string; seq: number };
  readonly credentials: { host_id: string; username: string; sealed_password: string };
  readonly join_tokens: {
    id: string;
    hash: string;
    uses_left: number;
    expires_at_ms: number;
    environment: string | null;
    tags: string;
    created_by: string;
    created_at_ms: number;
  };
  readonly host_tokens: { host_id: string; hash: string; created_at_ms: number };
  readonly users: {
    id: string;
    name: string;
    password_hash: string;
    role: 'viewer' | 'operator' | 'admin';
    disabled: number;
    created_at_ms: number;
    scope: string;
    more_grants: string;
    totp_secret: string | null;
    totp_last_step: number;
    recovery_hashes: string;
    source: 'local' | 'oidc' | 'ldap';
    subject: string | null;
    groups: string;
    vouched_at_ms: number | null;
    seen_at_ms: number | null;
  };
  readonly sessions: {
    hash: string;
    user_id: string;
    csrf: string;
    created_at_ms: number;
    seen_at_ms: number;
    address: string;
    agent: string;
  };
  readonly api_tokens: {
    id: string;
    hash: string;
    user_id: string;
    label: string;
    created_at_ms: number;
    expires_at_ms: number | null;
    role: 'viewer' | 'operator' | 'admin' | null;
    scope: string | null;
    rights: string | null;
    used_at_ms: number | null;
  };
  readonly views: {
    id: string;
    owner_id: string;
    name: string;
    page: 'processes' | 'logs';
    query: string;
    shared: number;
    created_at_ms: number;
  };
  readonly default_views: { user_id: string; page: 'processes' | 'logs'; view_id: string };
  readonly settings: { name: string; value: string };
  readonly audit: {
    seq: number;
    at_ms: number;
    kind: 'begun' | 'ended' | 'refused';
    ends: number | null;
    actor: string;
    way: string;
    address: string;
    what: string;
    target: string;
    detail: string;
    before: string | null;
    after: string | null;
    outcome: string;
    hash: string;
  };
  readonly audit_head: { id: number; seq: number; mac: string };
  readonly sign_in_failures: { subject: string; failures: number; first_at_ms: number };
  readonly actions: {
    id: string;
    verb: string;
    selector: string;
    by: string;
    started_at_ms: number;
    finished_at_ms: number | null;
    cancelled_by: string | null;
    signal: string | null;
    pace: string | null;
    progress: string | null;
    touched_at_ms: number | null;
    idempotency_key: string | null;
    request_hash: string | null;
    approval: string | null;
    schedule: string | null;
  };
  readonly action_targets: {
    action_id: string;
    position: number;
    host_id: string;
    host: string;
    group_name: string;
    process: string;
    outcome: string;
    batch: number | null;
    sent: string | null;
    steps: string | null;
  };
  readonly fleet_events: {
    id: Generated<number>;
    kind: 'process' | 'host';
    at_ms: number;
    host_id: string;
    host: string;
    group_name: Generated<string>;
    process: Generated<string>;
    state: string;
    pid: Generated<number>;
    exit_status: number | null;
    exit_signal: string | null;
    expected: number | null;
    restarted: Generated<number>;
    crashed: Generated<number>;
    says: Generated<string>;
    last_lines: string | null;
  };
  readonly metric_series: { id: Generated<number>; host_id: string; group_name: string; process: string };
  readonly metric_minutes: MetricTable;
  readonly metric_hours: MetricTable;
  readonly last_known: {
    host_id: string;
    seen_at_ms: number;
    unreachable_since_ms: number | null;
    shape: number;
    told: string;
  };
  readonly beats: { host_id: string; group_name: string; process: string; hour: number; beat: string };
  readonly alert_rules: {
    id: string;
    name: string;
    enabled: number;
    condition: string;
    selector: string;
    for_seconds: number;
    clear_seconds: number;
    severity: Severity;
    channels: string;
    repeat_minutes: number;
    created_at_ms: number;
  };
  readonly alert_channels: {
    id: string;
    kind: ChannelKind;
    name: string;
    enabled: number;
    place: string;
    sealed: string;
    created_at_ms: number;
  };
  readonly alerts: {
    id: Generated<number>;
    rule_id: string;
    rule: string;
    kind: ConditionKind;
    severity: Severity;
    host_id: string;
    host: string;
    group_name: string;
    process: string;
    opened_at_ms: number;
    last_at_ms: number;
    closed_at_ms: number | null;
    ending: Ending | null;
    count: number;
    says: string;
    said: string | null;
    last_line: string;
    acked_by: string | null;
    acked_at_ms: number | null;
    ack_note: string | null;
    told_open: Generated<number>;
    told_closed: Generated<number>;
    told_at_ms: number | null;
  };
  readonly alert_deliveries: {
    id: Generated<number>;
    channel_id: string;
    reason: MessageReason;
    message: string;
    created_at_ms: number;
    state: DeliveryState;
    attempts: Generated<number>;
    tried_at_ms: number | null;
    last_error: string | null;
  };
  readonly schedules: {
    id: string;
    name: string;
    cron: string;
    time_zone: string;
    action: string;
    confirmed: string;
    enabled: number;
    stopped: string | null;
    missed: Missed;
    missed_minutes: number;
    owner_id: string;
    owner: string;
    owner_limit: string | null;
    done_until_ms: number;
    created_at_ms: number;
    removed_at_ms: number | null;
  };
  readonly schedule_runs: {
    id: Generated<number>;
    schedule_id: string;
    due_at_ms: number;
    cause: RunCause;
    state: RunState;
    began_at_ms: number;
    ended_at_ms: number | null;
    asked_by: string | null;
    why: string | null;
    action_id: string | null;
  };
  readonly hub_keys: {
    id: Generated<number>;
    public_key: string;
    sealed_private_key: string;
    created_at_ms: number;
  };
}

interface MetricTable {
  at: number;
  series: number;
  samples: number;
  cpu: number;
  cpu_most: number;
  memory: number;
  memory_most: number;
}
