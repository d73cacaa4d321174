import type { InstanceStatus } from '@flotilla/contracts';

/** The words that Eureka has for how well an instance is. Only `UP` gets traffic. */
export const eurekaStatuses = ['UP', 'DOWN', 'STARTING', 'OUT_OF_SERVICE', 'UNKNOWN'] as const;
export type EurekaStatus = (typeof eurekaStatuses)[number];

/** Reads a status in any case; what is no word of Eureka's is `UNKNOWN` there. */
export function readStatus(text: string): EurekaStatus {
  const upper = text.toUpperCase();
  return eurekaStatuses.find((status) => status === upper) ?? 'UNKNOWN';
}

/** What an instance's status means in ours. `OUT_OF_SERVICE` answers, but wants no new work. */
export function nativeStatus(status: EurekaStatus): { readonly status: InstanceStatus; readonly draining: boolean } {
  switch (status) {
    case 'UP':
      return { status: 'passing', draining: false };
    case 'OUT_OF_SERVICE':
      return { status: 'passing', draining: true };
    case 'DOWN':
    case 'STARTING':
    case 'UNKNOWN':
      return { status: 'critical', draining: false };
    default:
      return status satisfies never;
  }
}

/** What an operator has overridden a status with. */
export interface Override {
  readonly status: EurekaStatus;
  /** The instance has registered since as one that is not up: its own word counts, whatever an operator hopes. */
  readonly yields?: boolean | undefined;
}

/** What holds of an instance that reports `own` when an operator has overridden it. */
export function withOverride(own: EurekaStatus, override: Override | undefined): EurekaStatus {
  return override === undefined || override.yields === true ? own : override.status;
}

/** An override after the instance has registered anew, with its own word. */
export function afterRegistration(override: Override | undefined, own: EurekaStatus): Override | undefined {
  return override && { status: override.status, yields: own !== 'UP' && own !== 'OUT_OF_SERVICE' };
}

/** How an instance is shown in ours, as far as its status in Eureka depends on it. */
interface Shown {
  readonly status: InstanceStatus;
  readonly draining: boolean;
}

/**
 * The status that Eureka's clients are shown.
 *
 * @param reported what an instance registered by Eureka says, with its override; undefined for others
 */
export function shownStatus({ status, draining }: Shown, reported: EurekaStatus | undefined): EurekaStatus {
  // An operator's wish in our own API is what an override is in Eureka's.
  if (status === 'maintenance') return 'OUT_OF_SERVICE';
  if (reported !== undefined && reported !== 'UP' && reported !== 'OUT_OF_SERVICE') return reported;
  if (status === 'critical') return 'DOWN';
  return draining || reported === 'OUT_OF_SERVICE' ? 'OUT_OF_SERVICE' : 'UP';
}
