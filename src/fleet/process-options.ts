/** How one process is configured, as its supervisor loaded it: option → value, as they are written in its file. */
export interface ProcessOptions {
  readonly group: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  /** Names alone, never values; null where the supervisor does not tell them. */
  readonly environment: readonly string[] | null;
}

/** The configuration of a host as it was told last. */
export interface HostConfig {
  /** When it was told; null: never yet. */
  readonly atMs: number | null;
  readonly processes: readonly ProcessOptions[];
  /** Why it could not be had just now, or why there is none; empty when all is well. */
  readonly says: string;
}

/** One value and the hosts that have it. */
export interface DriftValue {
  readonly value: string;
  readonly hosts: readonly string[];
}

/** An option that is not the same everywhere; the commonest value first. */
export interface DriftRow {
  readonly program: string;
  readonly option: string;
  readonly values: readonly DriftValue[];
}

/** What differs in a group between the hosts it runs on. */
export interface Drift {
  readonly group: string;
  readonly rows: readonly DriftRow[];
  /** Hosts that told how the group is configured there. */
  readonly compared: readonly string[];
  /** Hosts that could not be compared, each with the reason. */
  readonly missing: readonly { readonly host: string; readonly says: string }[];
}

/** `gunicorn_02` belongs to `gunicorn`. */
export function programOf(processName: string): string {
  return processName.replace(/[_-]?\d+$/, '') || processName;
}
