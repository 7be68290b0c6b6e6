/** What a process, or all of a host together, used over a while: means and peaks. */
export interface Usage {
  /** Of one core. */
  readonly cpu: number;
  readonly cpuMost: number;
  readonly memory: number;
  readonly memoryMost: number;
}

export interface UsagePoint extends Usage {
  /** When the while began. */
  readonly atMs: number;
}

/** Points in the order of time. A while without a measurement has no point: it is a gap, not a zero. */
export interface UsageSeries {
  readonly fromMs: number;
  readonly toMs: number;
  /** The length of the while of most points; older ones may be kept more roughly. */
  readonly stepMs: number;
  readonly points: readonly UsagePoint[];
}

/** The last hour of a host in one small list: what a sparkline is drawn from. */
export interface UsageGlance {
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  /** CPU percent of one core, 30 values of 2 minutes each, oldest first; null where nothing was measured. */
  readonly cpu: readonly (number | null)[];
  /** Resident bytes, likewise. */
  readonly memory: readonly (number | null)[];
}
