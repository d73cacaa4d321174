import type { Clock, InstanceStatus } from '@flotilla/contracts';
import type { CheckPlace } from '../record/check.ts';
import type { LiveInstances } from '../state/live-instances.ts';

/** What a check says, as it is to be stored or, if it said that before, shown. */
export interface CheckResult {
  readonly status: InstanceStatus;
  readonly output?: string | undefined;
}

/** How {@link HealthChecks} work. */
export interface HealthChecksOptions {
  readonly instances: Pick<LiveInstances, 'catalog' | 'statuses'>;
  readonly clock: Clock;
  /** A number from 0 to below 1, for what is spread at random. */
  readonly random: () => number;
  /** What this registry is called as an owner of leases: it checks the instances whose leases it counts. */
  readonly owner: string;
  /** See {@link RegistryOptions.allowLinkLocal}. */
  readonly allowLinkLocal: boolean;
  /** Stores a status that has changed; notes an output without one. */
  readonly write: (place: CheckPlace, result: CheckResult) => Promise<void>;
  /** Removes an instance of which a check has been critical for too long, if it still is. */
  readonly remove: (place: CheckPlace) => Promise<void>;
  readonly onError: (error: unknown, doing: string) => void;
  /** So many machines have fallen silent together that it is rather the registry's own network; or that is over. */
  readonly onSilence: (isSuspect: boolean) => void;
}
