import type { Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import type { Unavailable } from '../config/proxy-route.ts';
import type { ForwardingRules } from '../headers/request-fields.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import type { UpstreamCaller } from './engine.ts';

/** What the gateway's own calls need: those of policies, and of aggregates for their parts. */
export interface CallContext {
  readonly caller: UpstreamCaller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly forwarding: ForwardingRules;
  poolOf(service: string): UpstreamPool;
  unavailableOf(service: string): Unavailable;
}
