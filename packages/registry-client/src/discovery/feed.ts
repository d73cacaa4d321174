import type { Clock, ServiceSnapshot } from '@flotilla/contracts';
import type { ClientLogger } from '../retry/outage-log.ts';

/** What keeps the snapshots of services in step with a source. One implementation per way in which sources tell what they know. */
export interface Feed {
  /** What is known of `service`; undefined when it is not followed. */
  get(service: string): ServiceSnapshot | undefined;
  /** Begins to follow `service`: for good, as services are few, and the next question should be answered from memory. */
  follow(service: string): ServiceSnapshot;
  /** Stops following everything, and closes the source. */
  close(): Promise<void>;
}

/** What a feed works with. */
export interface FeedParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
  /** The snapshots of these services are others now. */
  onChange(services: readonly string[]): void;
}
