import type { Clock, Discovery, Registrar } from '@flotilla/contracts';
import type { Transport } from '@flotilla/contracts/http-client';
import type { RegistryUrls } from '@flotilla/contracts/registry-urls';
import type { ClientLogger } from './retry/outage-log.ts';

/** What registrars and discoveries of every kind can be given. A kind that has no use for an option passes it over. */
export interface RegistryOptions {
  readonly logger: ClientLogger;
  /** Default the system's. */
  readonly clock?: Clock;
  /** A number from 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** What carries the requests of kinds that speak HTTP. Default node:http with connections kept open. */
  readonly transport?: Transport;
  /**
   * The longest one request may take, in milliseconds; for a watch, until it is accepted. Default 3000: a registry
   * answers from memory, so whoever is slower than this is in trouble and the next address should be tried.
   */
  readonly requestTimeoutMs?: number;
  /**
   * How long a registry that is watched may say nothing before the connection counts as lost, in milliseconds. Default
   * 37 500: two and a half heartbeats of ours, which come after 15 s of silence. A cut cable is noticed by nothing else.
   */
  readonly silenceLimitMs?: number;
}

/** One kind of registry, chosen by how its URL begins. */
export interface RegistryKind extends RegistryUrls {
  /** What its URLs begin with, in lower case. No other kind's may begin so. */
  readonly prefixes: readonly string[];
  /** A good URL, to be shown. */
  readonly example: string;
  /** Finds endpoints. `url` has no problem. */
  discovery(url: string, options: RegistryOptions): Discovery;
  /** Announces instances. `url` has no problem. */
  registrar(url: string, options: RegistryOptions): Registrar;
}
