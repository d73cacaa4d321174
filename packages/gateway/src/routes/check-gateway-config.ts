import type { ZodError } from 'zod';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { gatewayConfigSchema } from '../config/gateway-config-schema.ts';
import { trustRanges } from '../headers/trusted-proxies.ts';
import { adviceForOption } from './advice-for-option.ts';
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
    return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
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

function problemsOf(issue: ZodError['issues'][number]): readonly string[] {
  const place = placeOf(issue.path);
  // Of a bad name, only what is within says what is bad about it.
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${place}: the name ${message}`);
  if (issue.code !== 'unrecognized_keys') return [`${place}: ${issue.message}`];
  return issue.keys.map((key) => `${place}: there is no option "${key}"${adviceForOption(key)}`);
}

/** `['routes', 0, 'match']` → `routes[0].match`. */
function placeOf(path: readonly PropertyKey[]): string {
  let place = '';
  for (const key of path) place += typeof key === 'number' ? `[${key}]` : `${place === '' ? '' : '.'}${String(key)}`;
  return place === '' ? 'the configuration' : place;
}
