import type { Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import type { Unavailable } from '../config/proxy-route.ts';
import type { ForwardingRules } from '../headers/request-fields.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { PickPlace } from '../upstream/upstream-pool.ts';
import type { UpstreamCaller } from './engine.ts';

/** What the gateway's own calls need: those of policies, and of aggregates for their parts. */
export interface CallContext {
  readonly caller: UpstreamCaller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly forwarding: ForwardingRules;
  /**
   * Where a call to `service` picks its instance, as that service wants to be balanced.
   *
   * @param head of the client's request that it is made for
   * @param parameters what is known of it by name
   */
  placeOf(service: string, head: RequestHead, parameters: ReadonlyMap<string, string>): PickPlace;
  unavailableOf(service: string): Unavailable;
}
