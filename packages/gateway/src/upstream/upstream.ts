import type { ServiceInstance } from '@flotilla/contracts';
import type { Candidate } from '../balance/balancer.ts';
import type { HealthWatch } from '../health/health-watch.ts';

/** What an engine keeps for an upstream (its connections). It is told what becomes of the upstream. */
export interface UpstreamSlot {
  /** The instance is gone from discovery: close idle connections now, the others when their exchange ends. */
  retire(): void;
  /** The instance is not well: let go of idle connections, and tell those who wait for its first byte. */
  setAside(): void;
}

/**
 * One instance of a service as the gateway sees it: where it is and how it has behaved. Survives changes of the
 * instance's record (weight, tags, status) as long as id, address and port stay.
 */
export class Upstream implements Candidate {
  readonly id: string;
  readonly service: string;
  readonly address: string;
  readonly port: number;
  /** `address:port`, an IPv6 address in brackets: what `Host` would say and logs show. */
  readonly authority: string;
  weight: number;
  /** Attempts going on. */
  inFlight = 0;
  /** Whether it has left the pool. Exchanges under way may finish. */
  retired = false;
  /** The engine's own; nobody else reads it. */
  slot: UpstreamSlot | undefined = undefined;
  /** The registry's revision of the record it was made of. */
  revision: number;
  readonly health: HealthWatch;

  constructor(instance: ServiceInstance, watchHealth: (upstream: Upstream) => HealthWatch) {
    this.id = instance.id;
    this.service = instance.name;
    this.address = instance.address;
    this.port = instance.port;
    this.authority = `${instance.address.includes(':') ? `[${instance.address}]` : instance.address}:${instance.port}`;
    this.weight = instance.weight;
    this.revision = instance.revision;
    this.health = watchHealth(this);
  }

  /** False while it is set aside. */
  isAvailable(): boolean {
    return this.health.available;
  }
}
