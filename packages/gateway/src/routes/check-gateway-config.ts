import type { GatewayConfig } from '../config/gateway-config.ts';
import { gatewayConfigSchema } from '../config/gateway-config-schema.ts';
import { trustRanges } from '../headers/trusted-proxies.ts';
import { messageOf } from './aggregate-plan.ts';
import { compileRoutes } from './compile-routes.ts';

export type CheckedConfig =
  | { readonly ok: true; readonly config: GatewayConfig }
  /** Every problem, each with the place it is at. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks a whole configuration, whatever it is, and reports all that is wrong at once. */
export function checkGatewayConfig(value: unknown): CheckedConfig {
  const parsed = gatewayConfigSchema.safeParse(value);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => `${placeOf(issue.path)}: ${issue.message}`) };
  }
  const config = parsed.data;
  const problems = [...compileRoutes(config).problems];
  for (const range of config.trustedProxies ?? []) {
    try {
      trustRanges([range]);
    } catch (error) {
      problems.push(`trustedProxies: ${messageOf(error)}`);
    }
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

/** `['routes', 0, 'match']` → `routes[0].match`. */
function placeOf(path: readonly PropertyKey[]): string {
  let place = '';
  for (const key of path) place += typeof key === 'number' ? `[${key}]` : `${place === '' ? '' : '.'}${String(key)}`;
  return place === '' ? 'the configuration' : place;
}
