import type { FurtherPort } from '../config/fleet.ts';
import type { ProcessSpec } from './plan-fleet.ts';

/** A process with its ports. */
export interface PlacedSpec extends ProcessSpec {
  readonly port: number | undefined;
  readonly further: readonly PlacedPort[];
}

/** A further port, as it will be. */
export interface PlacedPort {
  readonly of: FurtherPort;
  readonly port: number;
  readonly isSet: boolean;
}
