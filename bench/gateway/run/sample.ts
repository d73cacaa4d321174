import type { CpuTime, Memory } from '../measure/process-figures.ts';

/** Under which load a sample was taken. */
export type Load =
  /** As much as the proxy can take. */
  | 'full'
  /** The same number of requests per second for all. */
  | 'equal-rate'
  /** Half of what the slowest of nginx's class can take. */
  | 'half-load'
  /** None: only memory, after the start. */
  | 'none';

/** One measurement of one proxy. */
export interface Sample {
  readonly scenario: string;
  readonly load: Load;
  readonly proxy: string;
  /** Requests per second asked for, with a rate. */
  readonly rate?: number;
  readonly requests: number;
  readonly failed: number;
  readonly firstFailure?: string;
  readonly seconds: number;
  readonly cpu: CpuTime;
  readonly memory?: Memory;
  readonly latency?: { readonly p50Us: number; readonly p99Us: number; readonly p999Us: number };
  /** How late the load itself was, 99th percentile. */
  readonly loadLateUs?: number;
}

/** Why something was not measured. */
export interface Skip {
  readonly proxy: string;
  /** Undefined: in none. */
  readonly scenario?: string;
  readonly reason: string;
}
