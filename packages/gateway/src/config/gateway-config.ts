import type { KnownError } from '@flotilla/contracts';
import type { BalanceConfig } from '../balance/balance-config.ts';
import type { HealthSettings } from './health-settings.ts';
import type { EngineLimits } from './limits.ts';
import type { PolicyConfig } from './policy-config.ts';
import type { EngineTimeouts, RouteTimeouts } from './timeouts.ts';

/** Methods a route can be restricted to. `GET` brings `HEAD` along. */
export const routeMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type RouteMethod = (typeof routeMethods)[number];

/** Forwards requests to a service. */
export interface ProxyRouteConfig {
  /** The kind of route. */
  readonly kind: 'proxy';
  /**
   * Which paths: `/users` is this path only, `/users/{id}` matches any one segment in place of `{id}`, and
   * `/api/user/`, with a slash at the end, matches everything below it, and also the path without the slash. The most
   * specific route that has the method wins: a literal segment before a parameter, more segments before fewer. The
   * match is compared with the decoded path. Paths that the gateway answers itself are not available.
   */
  readonly match: string;
  /**
   * `GET` includes `HEAD`. A request with another method goes to the next best route, or gets 405 with all methods of
   * the path. Default: all, and the service decides.
   */
  readonly methods?: readonly RouteMethod[];
  /** The registered name of the service. */
  readonly service: string;
  /**
   * The target path at the service, with `{…}` for parameters. The rest of a path below a `match` that ends in a slash
   * is appended. It may have a query, which the request's own query follows. A value that would change the structure of
   * the path, such as `..`, is answered with 400. Default: the path as received.
   */
  readonly rewrite?: string;
  /**
   * What happens to `Location` and `Content-Location` in answers. `rewrite` removes the address of an instance, and
   * turns a path that only the service has into the path of this route that leads to it: the option `rewrite` in
   * reverse. `keep` forwards them unchanged. Default `rewrite`: clients cannot reach internal addresses, and should not
   * know them.
   */
  readonly location?: 'rewrite' | 'keep';
  /** The timeouts of this route that differ from the defaults. */
  readonly timeouts?: Partial<RouteTimeouts>;
  /** The largest request body; 0 = no limit, for streamed uploads. Default 10 MiB. */
  readonly bodyLimitBytes?: number;
  /**
   * Whether the gateway reads a request's body, up to 64 KiB of it, before it calls an instance. Default true: a slow
   * sender then holds no connection to an instance. `false` forwards every byte as it arrives, for routes on which
   * client and service talk at the same time.
   */
  readonly readBodyFirst?: boolean;
  /** The minimum rate of a request's body, in bytes per second; 0 = none. Default: `limits.bodyBytesPerSecond`. */
  readonly bodyBytesPerSecond?: number;
  /** Attempts for one request, including the first. Default 3: the instance that just died and its likely successor. */
  readonly maxAttempts?: number;
  /**
   * Whether the service does what has the same `Idempotency-Key` only once. Then the gateway may repeat such a request, if its
   * connection is lost or its instance is silent, as it does with a GET. Default false: a request with another method than
   * those of RFC 9110, 9.2.2, that may have been read is never repeated.
   */
  readonly idempotencyKeys?: boolean;
  /** How requests of this route are spread over the instances. Default: the service's `balance`. */
  readonly balance?: BalanceConfig;
  /**
   * What requests pass on their way up, in this order, and answers on their way down, in reverse order. They follow the
   * `policies` of the gateway. An `OPTIONS` or a 405 that the gateway answers itself passes them only on its way down.
   * Default: none.
   */
  readonly policies?: readonly PolicyConfig[];
}

/** A value that an aggregate takes from its request. */
export interface ParameterConfig {
  /** `path`: a `{name}` of the match. `query`: the request must have it exactly once. */
  readonly in: 'path' | 'query';
  /** `id`: a whole number from 1 to 2^53-1, in digits only. `text`: 1 to 200 characters. */
  readonly type: 'id' | 'text';
  /** The answer to a missing or bad value: an error with status 400, 404 or 422. Default INVALID_REQUEST. */
  readonly error?: KnownError;
}

/** One call of an aggregate. */
export interface PartConfig {
  /** The registered name of the service. */
  readonly service: string;
  /**
   * The target path and query, with `{…}` for parameters. The call is always a GET. The answer must be JSON, nested at
   * most 512 deep; its bytes are copied unchanged. A value that would change the structure of the path, such as `..`,
   * is answered with 400.
   */
  readonly target: string;
  /**
   * `required`: if the part fails, the request fails. If the service refuses (400, 401, 403, 404, 409, 410, 422, 429,
   * 451), the client gets that status with its `WWW-Authenticate` and `Retry-After`, whatever the body is. 503 and 504
   * are forwarded too; an unusable answer becomes a 502. `optional`: if the part fails, the answer has `null` in its
   * place and lists it in `missing`.
   */
  readonly need: 'required' | 'optional';
  /**
   * The error to answer with when this (required) part has this status; it must be of the same class. Default: the
   * part's own problem, with its code and its text, or else the error of that status.
   */
  readonly errors?: Readonly<Record<number, KnownError>>;
  /** How long the part may take, at most the aggregate's deadline, which also ends it. Default: the deadline. */
  readonly timeoutMs?: number;
  /** The largest answer that is read into memory. Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** Combines the answers of several services in one object, with one field per part. */
export interface AggregateRouteConfig {
  /** The kind of route. */
  readonly kind: 'aggregate';
  /** As for a proxy route, but without a slash at the end. Only GET and HEAD. */
  readonly match: string;
  /**
   * All parameters of the match and of the parts' targets, by name. Any other parameter in the query is answered with
   * 400.
   */
  readonly parameters: Readonly<Record<string, ParameterConfig>>;
  /** For all parts together. Default 5 000: a person is waiting. */
  readonly deadlineMs?: number;
  /** The gateway calls them in parallel. The answer has them in this order. */
  readonly parts: Readonly<Record<string, PartConfig>>;
  /** As for a proxy route; changes to the request also apply to its parts. Default: none. */
  readonly policies?: readonly PolicyConfig[];
}

export type RouteConfig = ProxyRouteConfig | AggregateRouteConfig;

/** Settings of a single service. */
export interface ServiceConfig {
  /** The answer when no instance can be reached: an error with status 503. Default SERVICE_UNAVAILABLE. */
  readonly unavailable?: KnownError;
  /** What differs from the gateway's `health`. */
  readonly health?: Partial<HealthSettings>;
  /**
   * How requests are spread over the instances, including those of aggregates and policies. Default `{ kind:
   * 'weighted-round-robin' }`: it needs no knowledge of requests, and works well while they cost about the same.
   */
  readonly balance?: BalanceConfig;
}

/** The whole configuration of a gateway, apart from its environment variables. */
export interface GatewayConfig {
  /** In any order: the order does not decide which route serves a path. */
  readonly routes: readonly RouteConfig[];
  /** Settings of single services. A service without an entry can still be used. */
  readonly services?: Readonly<Record<string, ServiceConfig>>;
  /**
   * Addresses and CIDR blocks of the proxies in front of the gateway. Only they may say who the client is: in
   * `X-Forwarded-*`, `Forwarded`, and the other fields that proxies and content delivery networks use for that. From
   * everybody else these fields are dropped. Default: none.
   */
  readonly trustedProxies?: readonly string[];
  /** How long the gateway waits for clients and idle connections. */
  readonly timeouts?: Partial<EngineTimeouts>;
  /** The gateway's limits. */
  readonly limits?: Partial<EngineLimits>;
  /** When instances are set aside, and how they are probed. */
  readonly health?: Partial<HealthSettings>;
  /**
   * Policies of all routes; they run before those of the route. Answers without a route, such as a 404 or `/health`,
   * also pass them on their way down. Default: none.
   */
  readonly policies?: readonly PolicyConfig[];
}

/** Gives a configuration file its types: `export const gateway = defineGateway({ … })`. Checks nothing yet. */
export function defineGateway(config: GatewayConfig): GatewayConfig {
  return config;
}

/** Defaults of single routes; those of timeouts and limits stand beside their interfaces. */
export const routeDefaults = {
  readBodyFirst: true,
  maxAttempts: 3,
  idempotencyKeys: false,
  deadlineMs: 5_000,
  maxPartBytes: 1_048_576,
} as const;
