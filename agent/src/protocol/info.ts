/** One element of `getAllProcessInfo`, exactly as on the wire; times are epoch seconds. Contract: RPC-094. */
export interface ProcessInfo {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly start: number;
  readonly stop: number;
  readonly now: number;
  readonly state: number;
  readonly statename: string;
  readonly spawnerr: string;
  readonly exitstatus: number;
  readonly logfile: string;
  readonly stdout_logfile: string;
  readonly stderr_logfile: string;
  readonly pid: number;
}

/** One entry of a batch result (`startProcessGroup` and its like). Contract: RPC-091. */
export interface BatchEntry {
  readonly name: string;
  readonly group: string;
  readonly status: number;
  readonly description: string;
}

export type Channel = 'stdout' | 'stderr';
