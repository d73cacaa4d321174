import type { ErrorCode } from '@flotilla/contracts';
import type { EngineLimits } from './limits.ts';
import type { EngineTimeouts, RouteTimeouts } from './timeouts.ts';

/** Methods a route can be restricted to. `GET` brings `HEAD` along. */
export const routeMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type RouteMethod = (typeof routeMethods)[number];

/** Passes requests on to a service. */
export interface ProxyRouteConfig {
  readonly kind: 'proxy';
  /**
   * Which paths: `/users` this path alone, `/users/{id}` any one segment in place of `{id}`, `/api/user/` (a slash at
   * the end) also without the slash and everything below. The most specific route wins: a literal segment over a
   * parameter, more segments over fewer.
   */
  readonly match: string;
  /** Other methods get 405. Default: all, and the service decides. */
  readonly methods?: readonly RouteMethod[];
  /** The name in the registry. */
  readonly service: string;
  /**
   * The path to ask the service for, with `{…}` for parameters; what lies below a `match` that ends in a slash is
   * appended. May have a query: the request's own follows it. Default: the path as received.
   */
  readonly rewrite?: string;
  /**
   * What is done with `Location` and `Content-Location` of answers. `rewrite`: the address of an instance is taken out,
   * and a path that only the service has becomes the path of this route that leads to it, by the option `rewrite` read
   * backwards. `keep`: they reach the client as they came. Default `rewrite`: clients can't follow an address inside, and
   * should not know it.
   */
  readonly location?: 'rewrite' | 'keep';
  readonly timeouts?: Partial<RouteTimeouts>;
  /** The largest request body; 0 = no limit, for uploads that are streamed. Default 10 MiB. */
  readonly bodyLimitBytes?: number;
  /** Attempts for one request, the first included. Default 3: the instance that just died and its likely successor. */
  readonly maxAttempts?: number;
}

/** A value that an aggregate takes from its request. */
export interface ParameterConfig {
  readonly in: 'path' | 'query';
  /** `id`: a whole number from 1 to 2^53-1, digits only. `text`: 1 to 200 characters. */
  readonly type: 'id' | 'text';
  /** What a missing or bad value is answered with. Default INVALID_REQUEST. */
  readonly error?: ErrorCode;
}

/** One call that an aggregate makes. */
export interface PartConfig {
  readonly service: string;
  /** The path and query to ask for, with `{…}` for parameters. Always a GET; the answer must be JSON. */
  readonly target: string;
  /**
   * `required`: without it the whole request fails, with the part's own 4xx problem or with what hindered it.
   * `optional`: without it the answer has `null` in its place and names it in `missing`.
   */
  readonly need: 'required' | 'optional';
  /** What to answer when this (required) part has this status. Default: the code in the part's problem. */
  readonly errors?: Readonly<Record<number, ErrorCode>>;
  /** At most so long; the aggregate's deadline also ends it. Default: the deadline. */
  readonly timeoutMs?: number;
  /** The largest answer that is read into memory. Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** Answers with the answers of several services in one object, one field per part. */
export interface AggregateRouteConfig {
  readonly kind: 'aggregate';
  /** As for a proxy route, without a slash at the end. Only GET and HEAD. */
  readonly match: string;
  readonly parameters: Readonly<Record<string, ParameterConfig>>;
  /** For all parts together. Default 5 000: a person waits for this. */
  readonly deadlineMs?: number;
  /** Called in parallel; the answer has them in this order. */
  readonly parts: Readonly<Record<string, PartConfig>>;
}

export type RouteConfig = ProxyRouteConfig | AggregateRouteConfig;

/** What is special about a service. A service needs no entry to be used. */
export interface ServiceConfig {
  /** What clients are told when no instance can be reached. Default SERVICE_UNAVAILABLE. */
  readonly unavailable?: ErrorCode;
}

/** All of a gateway's configuration that is not an environment's. */
export interface GatewayConfig {
  readonly routes: readonly RouteConfig[];
  readonly services?: Readonly<Record<string, ServiceConfig>>;
  /** Addresses and CIDR blocks of the proxies in front, whose `X-Forwarded-*` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  readonly timeouts?: Partial<EngineTimeouts>;
  readonly limits?: Partial<EngineLimits>;
}

/** Gives a configuration file its types: `export const gateway = defineGateway({ … })`. Checks nothing yet. */
export function defineGateway(config: GatewayConfig): GatewayConfig {
  return config;
}

/** Defaults of single routes; those of timeouts and limits stand beside their interfaces. */
export const routeDefaults = {
  maxAttempts: 3,
  deadlineMs: 5_000,
  maxPartBytes: 1_048_576,
} as const;
