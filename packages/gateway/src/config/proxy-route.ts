import type { RouteTimeouts } from './timeouts.ts';

/** Everything the engine needs to know of a route that passes requests on; made once, when the routes are compiled. */
export interface ProxyRoute {
  /** The route's pattern, as written in the configuration: `http.route` in metrics and logs. */
  readonly template: string;
  /** The service that answers. */
  readonly service: string;
  readonly timeouts: RouteTimeouts;
  /** The largest request body; 0 = no limit. A larger one gets 413. */
  readonly bodyLimitBytes: number;
  /** How many instances may be tried for one request, the first included. */
  readonly maxAttempts: number;
}
