import type { GatewayConfig, RouteConfig } from '@flotilla/gateway';
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
  const policies = [...(config.policies ?? []), ...(route.policies ?? [])].map(({ kind }) => kind);
  const { match, kind } = route;
  switch (route.kind) {
    case 'proxy':
      return { match, kind, methods: route.methods, services: [route.service], rewrite: route.rewrite, policies };
    case 'aggregate': {
      const services = Object.values(route.parts).map(({ service }) => service);
      return { match, kind, methods: ['GET'], services: [...new Set(services)], rewrite: undefined, policies };
    }
    default:
      return route satisfies never;
  }
}
