import type { KnownError } from '@flotilla/contracts';
import type { BalanceConfig } from '../balance/balance-config.ts';
import type { HealthSettings } from './health-settings.ts';
import type { EngineLimits } from './limits.ts';
import type { PolicyConfig } from './policy-config.ts';
import type { EngineTimeouts, RouteTimeouts } from './timeouts.ts';

/** Methods a route can be restricted to. `GET` brings `HEAD` along. */
export const routeMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type RouteMethod = (typeof routeMethods)[number];

/** Passes requests on to a service. */
export interface ProxyRouteConfig {
  /** Which kind of route it is. */
  readonly kind: 'proxy';
  /**
   * Which paths: `/users` this path alone, `/users/{id}` any one segment in place of `{id}`, `/api/user/` (a slash at
   * the end) also without the slash and everything below. The most specific route that has the method wins: a literal
   * segment over a parameter, more segments over fewer. Compared with the decoded path. What the gateway answers itself
   * can't be had.
   */
  readonly match: string;
  /**
   * `GET` brings `HEAD` along. A request with another method goes to the next best route, or gets 405 with all methods
   * that the path has. Default: all, and the service decides.
   */
  readonly methods?: readonly RouteMethod[];
  /** The name in the registry. */
  readonly service: string;
  /**
   * The path to ask the service for, with `{…}` for parameters; what lies below a `match` that ends in a slash is
   * appended. May have a query: the request's own follows it. A value that would make another path of it, such as `..`,
   * is answered with 400. Default: the path as received.
   */
  readonly rewrite?: string;
  /**
   * What is done with `Location` and `Content-Location` of answers. `rewrite`: the address of an instance is taken out,
   * and a path that only the service has becomes the path of this route that leads to it, by the option `rewrite` read
   * backwards. `keep`: they reach the client as they came. Default `rewrite`: clients can't follow an address inside, and
   * should not know it.
   */
  readonly location?: 'rewrite' | 'keep';
  /** What is different here of the timeouts that all routes have. */
  readonly timeouts?: Partial<RouteTimeouts>;
  /** The largest request body; 0 = no limit, for uploads that are streamed. Default 10 MiB. */
  readonly bodyLimitBytes?: number;
  /**
   * Whether a request's body, up to 64 KiB of it, is read before an instance is asked. Default true: a slow sender then
   * holds no connection to one. `false` passes on every byte as it comes, for routes on which client and service talk at
   * the same time.
   */
  readonly readBodyFirst?: boolean;
  /** The least rate of a request's body, in bytes per second; 0 = none. Default: `limits.bodyBytesPerSecond`. */
  readonly bodyBytesPerSecond?: number;
  /** Attempts for one request, the first included. Default 3: the instance that just died and its likely successor. */
  readonly maxAttempts?: number;
  /** How this route's requests are spread over the instances. Default: the service's `balance`. */
  readonly balance?: BalanceConfig;
  /**
   * What requests pass on their way up and answers on their way down, in this order and back: the first sees requests
   * first and answers last. Follows the `policies` of the gateway. An `OPTIONS` or a 405 that the gateway answers itself
   * passes them on its way down alone. Default: none.
   */
  readonly policies?: readonly PolicyConfig[];
}

/** A value that an aggregate takes from its request. */
export interface ParameterConfig {
  /** `path`: a `{name}` of the match. `query`: the request must have it, once. */
  readonly in: 'path' | 'query';
  /** `id`: a whole number from 1 to 2^53-1, digits only. `text`: 1 to 200 characters. */
  readonly type: 'id' | 'text';
  /** What a missing or bad value is answered with, a code of 400, 404 or 422. Default INVALID_REQUEST. */
  readonly error?: KnownError;
}

/** One call that an aggregate makes. */
export interface PartConfig {
  /** The name in the registry. */
  readonly service: string;
  /**
   * The path and query to ask for, with `{…}` for parameters. Always a GET. The answer must be JSON, nested at most 512
   * deep; its bytes are taken over as they are. A value that would make another path of it, such as `..`, is answered
   * with 400.
   */
  readonly target: string;
  /**
   * `required`: without it the whole request fails. A service that refuses what the client asked for (400, 401, 403, 404,
   * 409, 410, 422, 429, 451) has its status, `WWW-Authenticate` and `Retry-After` told, whatever its body is; 503 and 504
   * are told too; an answer that can't be used is a 502.
   * `optional`: without it the answer has `null` in its place and names it in `missing`.
   */
  readonly need: 'required' | 'optional';
  /**
   * What to answer when this (required) part has this status: an error of the same class. Default: the part's problem, with
   * its code and its words, else the error of that status.
   */
  readonly errors?: Readonly<Record<number, KnownError>>;
  /** At most so long, and not longer than the aggregate's deadline, which also ends it. Default: the deadline. */
  readonly timeoutMs?: number;
  /** The largest answer that is read into memory. Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** Answers with the answers of several services in one object, one field per part. */
export interface AggregateRouteConfig {
  /** Which kind of route it is. */
  readonly kind: 'aggregate';
  /** As for a proxy route, without a slash at the end. Only GET and HEAD. */
  readonly match: string;
  /** By name, all that the match and the targets of the parts have. Another in the request's query is answered with 400. */
  readonly parameters: Readonly<Record<string, ParameterConfig>>;
  /** For all parts together. Default 5 000: a person waits for this. */
  readonly deadlineMs?: number;
  /** Called in parallel; the answer has them in this order. */
  readonly parts: Readonly<Record<string, PartConfig>>;
  /** As for a proxy route; its parts get what policies change of the request. Default: none. */
  readonly policies?: readonly PolicyConfig[];
}

export type RouteConfig = ProxyRouteConfig | AggregateRouteConfig;

/** What is special about a service. */
export interface ServiceConfig {
  /** What clients are told when no instance can be reached, a code of 503. Default SERVICE_UNAVAILABLE. */
  readonly unavailable?: KnownError;
  /** What differs from the gateway's `health`. */
  readonly health?: Partial<HealthSettings>;
  /**
   * How requests are spread over the instances, those of aggregates and policies too. Default
   * `{ kind: 'weighted-round-robin' }`: it needs to know nothing of requests, and is right as long as they cost about the same.
   */
  readonly balance?: BalanceConfig;
}

/** All of a gateway's configuration that is not an environment's. */
export interface GatewayConfig {
  /** In any order: which one serves a path does not depend on it. */
  readonly routes: readonly RouteConfig[];
  /** What is special about services. One without an entry can be used all the same. */
  readonly services?: Readonly<Record<string, ServiceConfig>>;
  /**
   * Addresses and CIDR blocks of the proxies in front, whose word about the client is believed: `X-Forwarded-*`,
   * `Forwarded`, and what else proxies and content delivery networks say so with. From all others these fields are
   * dropped. Default: none.
   */
  readonly trustedProxies?: readonly string[];
  /** How long the gateway waits for clients and idle connections. */
  readonly timeouts?: Partial<EngineTimeouts>;
  /** What the gateway accepts at most. */
  readonly limits?: Partial<EngineLimits>;
  /** When instances are set aside, and how they are probed. */
  readonly health?: Partial<HealthSettings>;
  /**
   * The policies of all routes, before their own. Answers that no route has a part in, such as a 404 or `/health`, pass them
   * on their way down too. Default: none.
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
  deadlineMs: 5_000,
  maxPartBytes: 1_048_576,
} as const;
