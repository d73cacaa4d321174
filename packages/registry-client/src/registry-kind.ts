import type { Clock, Discovery, Registrar } from '@flotilla/contracts';
import type { CentralConfig } from '@flotilla/contracts/central-config';
import type { Transport } from '@flotilla/contracts/http-client';
import type { RegistryUrls } from '@flotilla/contracts/registry-urls';
import type { ClientLogger } from './retry/outage-log.ts';

/** Options for registrars and discoveries of every kind. A kind ignores the options that it has no use for. */
export interface RegistryOptions {
  readonly logger: ClientLogger;
  /**
   * Shows the registry who is asking: sent as `Authorization: Bearer` to ours, as `X-Consul-Token` to Consul, as the login
   * of HTTP's Basic authentication to Eureka. Default: nothing is shown. Never logged.
   */
  readonly token?: string | undefined;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** A number from 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** The HTTP client of kinds that use HTTP. Default: node:http with kept connections. */
  readonly transport?: Transport;
  /**
   * The longest time for one request, in milliseconds; for a watch, until it is accepted. Default 3000: a registry
   * answers from memory, so a slower one is in trouble, and the next address should be tried.
   */
  readonly requestTimeoutMs?: number;
  /**
   * How long a watched registry may be silent before the connection counts as lost, in milliseconds. Default 37 500:
   * two and a half heartbeats of our registry, which come after 15 s of silence. Nothing else notices a cut cable.
   */
  readonly silenceLimitMs?: number;
}

/** One kind of registry, chosen by how its URL begins. */
export interface RegistryKind extends RegistryUrls {
  /** The beginnings of its URLs, in lower case, which no other kind may use. */
  readonly prefixes: readonly string[];
  /** A valid URL, to show to users. */
  readonly example: string;
  /** Finds endpoints. `url` has been checked. */
  discovery(url: string, options: RegistryOptions): Discovery;
  /** Announces instances. `url` has been checked. */
  registrar(url: string, options: RegistryOptions): Registrar;
  /** Follows central config. `url` has been checked. Absent in kinds that have no keys. */
  centralConfig?(url: string, options: RegistryOptions): CentralConfig;
}
