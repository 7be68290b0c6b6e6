import type { Tables } from './tables.ts';

/** What each sealed text says it belongs to: copied to another row, it does not open. */
export const ABOUT = {
  password: (hostId: string): string => `host:${hostId}`,
  totp: (userId: string): string => `totp ${userId}`,
  alertChannel: (channelId: string): string => `alert-channel:${channelId}`,
  hubKey: (): string => 'hub-key',
} as const;

export interface SealedColumn {
  readonly table: keyof Tables;
  readonly key: string;
  readonly column: string;
  about(key: string): string;
}

/** Every column that holds sealed texts: what a new key has to seal anew. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'credentials', key: 'host_id', column: 'sealed_password', about: ABOUT.password },
  { table: 'users', key: 'id', column: 'totp_secret', about: ABOUT.totp },
  { table: 'alert_channels', key: 'id', column: 'sealed', about: ABOUT.alertChannel },
  { table: 'hub_keys', key: 'id', column: 'sealed_private_key', about: ABOUT.hubKey },
];
