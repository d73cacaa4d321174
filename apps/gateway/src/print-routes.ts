import { type GatewayConfig, type RouteConfig, routeView } from '@flotilla/gateway';
import { ConfigurationError } from '@flotilla/kit/config';
import type { ProcessHost } from '@flotilla/kit/service';
import { loadGatewayConfig } from './load-gateway-config.ts';

/** A route as `--print-routes` shows it. */
interface PrintedRoute {
  readonly match: string;
  readonly kind: RouteConfig['kind'];
  /** Undefined: all. */
  readonly methods: readonly string[] | undefined;
  /** The services that it asks. */
  readonly services: readonly string[];
  readonly rewrite: string | undefined;
  /** Kinds of the policies, those of all routes first. */
  readonly policies: readonly string[];
}

/** Prints the routes of a file as JSON, for `flotilla routes`, or what is wrong with them; starts nothing. Gives back the exit code. */
export async function printRoutes(host: Pick<ProcessHost, 'stdout' | 'stderr'>, file: string): Promise<number> {
  try {
    const config = await loadGatewayConfig(file);
    host.stdout.write(`${JSON.stringify(config.routes.map((route) => describe(route, config)))}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    host.stderr.write(`${error.message}\n`);
    return 78;
  }
}

function describe(route: RouteConfig, config: GatewayConfig): PrintedRoute {
  const { kind, match, methods, policies, rewrite, services } = routeView(route, config);
  return { match, kind, methods, services, rewrite, policies: policies.map((policy) => policy.kind) };
}
