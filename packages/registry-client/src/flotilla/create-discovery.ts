import type { Discovery } from '@flotilla/contracts';
import { discoveryOver } from '../discovery/discovery.ts';
import { type RegistryClientOptions, resolveClient } from './client-options.ts';
import { flotillaWatchSource } from './flotilla-watch.ts';

/** What {@link createDiscovery} takes beside the common options. */
export interface DiscoveryOptions extends RegistryClientOptions {
  /**
   * How long the registry may say nothing before the connection counts as lost, in milliseconds. Default 37 500: two
   * and a half of its heartbeats, which come after 15 s of silence. A cut cable is noticed by nothing else.
   */
  readonly silenceLimitMs?: number;
}

/**
 * A discovery over Flotilla's registry: one stream keeps a local cache, from which everything is answered.
 *
 * While the registry is away the cache goes on serving, marked `stale`. What a registry says when it is back is
 * believed at once, an empty list too: it keeps its instances over a restart and gives their leases time to be renewed,
 * so an instance that is missing is missing because it was deregistered or its lease ran out. But one that speaks from
 * another history has lost what it knew: whom it does not mention stays in use, the service marked `stale`, until it
 * registers again or the time of its lease is over.
 */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { random, logger, ...parts } = resolveClient(options);
  const silenceLimitMs = options.silenceLimitMs ?? 37_500;
  return discoveryOver({ source: flotillaWatchSource(parts), clock: parts.clock, random, logger, silenceLimitMs });
}
