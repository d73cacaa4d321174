import type { EurekaStatus } from './eureka-status.ts';

/** A port as Eureka has it: an instance has a plain and a secure one, and says which of them it serves. */
export interface EurekaPort {
  readonly port: number;
  readonly enabled: boolean;
}

/** Where an instance runs. Clients on Amazon send much metadata with it; all others are `MyOwn`. */
export interface DataCenter {
  /** The name of a Java class. Java clients cannot read an instance without it. */
  readonly class: string;
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What an instance says about itself that ours has no place for. Times are milliseconds since 1970. */
export interface EurekaDetails {
  readonly hostName: string;
  readonly ipAddr: string;
  readonly status: EurekaStatus;
  readonly port: EurekaPort;
  readonly securePort: EurekaPort;
  readonly countryId: number;
  readonly dataCenter: DataCenter;
  readonly renewalSeconds: number;
  readonly leaseSeconds: number;
  readonly vipAddress?: string | undefined;
  readonly secureVipAddress?: string | undefined;
  readonly appGroupName?: string | undefined;
  readonly asgName?: string | undefined;
  readonly homePageUrl?: string | undefined;
  readonly statusPageUrl?: string | undefined;
  readonly healthCheckUrl?: string | undefined;
  readonly secureHealthCheckUrl?: string | undefined;
  readonly isCoordinating: boolean;
  /** When the instance last changed what it says, by its own clock. */
  readonly dirtyMs: number;
}

/** What happened to an instance, for clients that apply deltas. */
export type ActionType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** An instance as Eureka's clients are shown it. */
export interface EurekaInstance extends EurekaDetails {
  readonly id: string;
  /** In capitals. */
  readonly app: string;
  readonly overridden: EurekaStatus;
  readonly metadata: Readonly<Record<string, string>>;
  readonly registeredMs: number;
  readonly renewedMs: number;
  readonly goneMs: number;
  readonly upMs: number;
  readonly updatedMs: number;
  readonly action: ActionType;
}

/** The data center of everybody who is not on Amazon. */
export const ownDataCenter: DataCenter = {
  class: 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo',
  name: 'MyOwn',
};

/** What Eureka assumes where an instance says nothing. */
export const detailDefaults = {
  port: 7001,
  securePort: 7002,
  countryId: 1,
  renewalSeconds: 30,
  leaseSeconds: 90,
} as const;
