import type { ErrorKind } from '@flotilla/contracts';
import type { BalanceConfig } from '../balance/balance-config.ts';
import type { Route } from './route.ts';
import type { RouteTimeouts } from './timeouts.ts';

/** What a client is told when no instance of a service can be reached. */
export interface Unavailable {
  readonly service: string;
  /** SERVICE_UNAVAILABLE, or the service's own error of that meaning. */
  readonly kind: ErrorKind;
  /** Sent as `Retry-After`. Default 1 000: by then an instance that was restarted has usually been found again. */
  readonly retryAfterMs: number;
}

export const defaultRetryAfterMs = 1_000;

/** The way from a service's own paths to those of a route. Both take a path with all that follows it. */
export interface Relocation {
  /** Where the route has this path of the service; undefined when it does not. */
  publicPath(path: string): string | undefined;
  /** Whether clients can ask for it as it is: some route has it. */
  isPublic(path: string): boolean;
}

/** Everything the engine needs to know of a route that passes requests on; made once, when the routes are compiled. */
export interface ProxyRoute extends Route {
  readonly kind: 'proxy';
  /** The service that answers. */
  readonly service: string;
  readonly unavailable: Unavailable;
  readonly timeouts: RouteTimeouts;
  /** The largest request body; 0 = no limit. A larger one gets 413. */
  readonly bodyLimitBytes: number;
  /** What is made of `Location` and `Content-Location`; undefined: they are kept. */
  readonly relocation: Relocation | undefined;
  /** Whether up to 64 KiB of a body are read before an instance is asked. */
  readonly readBodyFirst: boolean;
  /** The least rate of a body; 0 = none. */
  readonly bodyBytesPerSecond: number;
  /** How many attempts one request may have, the first included. */
  readonly maxAttempts: number;
  /** Whether a request with an `Idempotency-Key` may be repeated, whatever its method. */
  readonly idempotencyKeys: boolean;
  /** How its requests are spread over the instances. */
  readonly balance: BalanceConfig;
}
