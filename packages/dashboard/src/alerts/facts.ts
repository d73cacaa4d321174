import type { GatewayRoutes, ProgramView, SourceTrouble, TrafficView } from '../wire/index.ts';

/** What the rules look at. Undefined: it cannot be known now, so that alerts about it stay as they are. */
export interface AlertFacts {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** The programs of the fleet, and the services that only the registry knows. */
  readonly programs: readonly ProgramView[] | undefined;
  /** What the dashboard cannot read. */
  readonly troubles: readonly SourceTrouble[] | undefined;
  /** What services were asked in the last two minutes, and in the hour before. */
  readonly traffic: readonly ServiceTraffic[] | undefined;
  /** The services as the gateway sees them. */
  readonly upstreams: GatewayRoutes['services'] | undefined;
  readonly disks: readonly DiskFacts[] | undefined;
  readonly certificates: readonly CertificateFacts[] | undefined;
}

/** What a service was asked. */
export interface ServiceTraffic {
  readonly service: string;
  readonly recent: CountedTraffic;
  /** Undefined: nothing is kept of the hour before. */
  readonly usual: CountedTraffic | undefined;
}

/** Traffic, and of how many requests it tells. */
export interface CountedTraffic extends TrafficView {
  readonly requests: number;
}

/** A disk on which something is kept. */
export interface DiskFacts {
  /** A folder on it. */
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** A certificate that callers see. */
export interface CertificateFacts {
  /** Where it was seen: `shop.example:8443`. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly endsMs: number;
}
