import { type Clock, systemClock } from '@flotilla/contracts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { Endpoints, parseRegistryUrls } from '../transport/endpoints.ts';
import { nodeTransport } from '../transport/node-transport.ts';
import type { Transport } from '../transport/transport.ts';
import type { FlotillaApiParts } from './flotilla-api.ts';

/** What registrar and discovery have in common. */
export interface RegistryClientOptions {
  /** Where the registry is: one http(s) URL, or several separated by commas, which are tried in turn. */
  readonly registryUrl: string;
  readonly logger: ClientLogger;
  /** Default the system's. */
  readonly clock?: Clock;
  /** A number from 0 up to 1, for jitter. Default `Math.random`. */
  readonly random?: () => number;
  /** What carries the requests. Default node:http with connections kept open. */
  readonly transport?: Transport;
  /**
   * The longest one request may take, in milliseconds; for a watch, until it is accepted. Default 3000: a registry
   * answers from memory, so whoever is slower than this is in trouble and the next address should be tried.
   */
  readonly requestTimeoutMs?: number;
}

/** The options with their defaults. Throws a TypeError when `registryUrl` is none. */
export function resolveClient(
  options: RegistryClientOptions,
): FlotillaApiParts & { readonly random: () => number; readonly logger: ClientLogger } {
  return {
    endpoints: new Endpoints(parseRegistryUrls(options.registryUrl)),
    transport: options.transport ?? nodeTransport(),
    clock: options.clock ?? systemClock,
    requestTimeoutMs: options.requestTimeoutMs ?? 3_000,
    random: options.random ?? Math.random,
    logger: options.logger,
  };
}
