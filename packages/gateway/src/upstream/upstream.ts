import { authorityOf, type Endpoint } from '@flotilla/contracts';
import type { Member } from '../balance/candidate-set.ts';
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
 * instance's record (weight, tags, metadata) as long as id, address and port stay.
 */
export class Upstream implements Member {
  readonly id: string;
  readonly service: string;
  readonly address: string;
  readonly port: number;
  /** `address:port`, an IPv6 address in brackets: what `Host` would say and logs show. */
  readonly authority: string;
  weight: number;
  lastResort: boolean;
  /** Its record as discovery shows it now; another object is news of it. */
  endpoint: Endpoint;
  /** Attempts going on. */
  inFlight = 0;
  /** Whether it has left the pool. Exchanges under way may finish. */
  retired = false;
  /** The engine's own; nobody else reads it. */
  slot: UpstreamSlot | undefined = undefined;
  readonly health: HealthWatch;

  constructor(service: string, endpoint: Endpoint, watchHealth: (upstream: Upstream) => HealthWatch) {
    this.id = endpoint.id;
    this.service = service;
    this.address = endpoint.address;
    this.port = endpoint.port;
    this.authority = authorityOf(endpoint);
    this.weight = Math.max(1, endpoint.weight);
    this.lastResort = endpoint.weight === 0;
    this.endpoint = endpoint;
    this.health = watchHealth(this);
  }

  /** Takes over a newer record of the same instance. */
  renew(endpoint: Endpoint): void {
    this.weight = Math.max(1, endpoint.weight);
    this.lastResort = endpoint.weight === 0;
    this.endpoint = endpoint;
  }

  /** False while it is set aside. */
  isAvailable(): boolean {
    return this.health.available;
  }
}
