import type { AlertView } from './alerts.ts';
import type { Sentence } from './sentence.ts';

/** `GET /api/overview`: the whole fleet at a glance. Sent again as the event `overview` of `GET /api/events` when it changes. */
export interface Overview {
  /** Undefined: no supervisor runs the programs, so they can only be looked at. */
  readonly fleet: FleetView | undefined;
  readonly programs: readonly ProgramView[];
  readonly alerts: readonly AlertView[];
  /** What cannot be read at the moment: what is shown of it is old. */
  readonly troubles: readonly SourceTrouble[];
}

/** The fleet that a supervisor runs. */
export interface FleetView {
  /** The name of the project's folder. */
  readonly name: string;
  readonly folder: string;
  readonly version: string;
  readonly uptimeMs: number;
}

/** Something that the dashboard reads, and cannot. */
export interface SourceTrouble {
  readonly source: 'supervisor' | 'registry' | 'gateway' | 'store' | 'collector';
  /** What is wrong and what to do, for people. */
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

/** A program of the fleet, or a service that only the registry or telemetry knows. */
export interface ProgramView {
  readonly name: string;
  readonly role: 'gateway' | 'registry' | 'service' | 'dashboard';
  /** The worst that is true of its instances. */
  readonly state: InstanceState;
  readonly instances: readonly InstanceView[];
  /** Whether start, stop and restart work on it. */
  readonly canControl: boolean;
  /** Whether it can have several instances; undefined: yes. If not, why. */
  readonly singleBecause?: string;
  /** Of the last minute; undefined: nothing is known of its traffic. */
  readonly traffic?: TrafficView;
}

/** In one word: see `why` for more. */
export type InstanceState =
  | 'healthy'
  | 'starting'
  | 'degraded'
  | 'unhealthy'
  | 'draining'
  | 'restarting'
  | 'stopping'
  | 'stopped'
  | 'ended'
  | 'misconfigured'
  | 'unknown';

/** One instance of a program. */
export interface InstanceView {
  /** Unique: the supervisor's name of the process if it has one (`user-service-2`), else the id in the registry. */
  readonly name: string;
  /** In the registry, logs and metrics. */
  readonly instanceId?: string;
  readonly state: InstanceState;
  /** Why it is in this state: what a failed check says, how it ended. */
  readonly why?: Sentence;
  readonly url?: string;
  readonly pid?: number;
  readonly version?: string;
  readonly uptimeMs?: number;
  readonly restarts?: number;
  /** Percent of one core. */
  readonly cpuPercent?: number;
  readonly memoryBytes?: number;
}

/** What a service is asked, and how it answers. */
export interface TrafficView {
  readonly requestsPerSecond: number;
  /** From 0 to 1. */
  readonly errorShare: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
}
