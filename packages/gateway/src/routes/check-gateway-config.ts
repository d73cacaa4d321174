import { describeIssue, doublyDefined, type ErrorKind, fieldMessage, kindOf, noOwnText } from '@flotilla/contracts';
import type { ZodError, z } from 'zod';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { gatewayConfigSchema, routeSchema } from '../config/gateway-config-schema.ts';
import type { PolicyConfig } from '../config/policy-config.ts';
import { trustRanges } from '../headers/trusted-proxies.ts';
import { normalTarget } from '../target/normal-target.ts';
import { adviceForOption } from './advice-for-option.ts';
import { messageOf } from './aggregate-plan.ts';
import { compileRoutes } from './compile-routes.ts';

export type CheckedConfig =
  | { readonly ok: true; readonly config: GatewayConfig }
  /** Every problem, each with the place it is at. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks a whole configuration, whatever it is, and reports all that is wrong at once. */
export function checkGatewayConfig(value: unknown): CheckedConfig {
  const parsed = gatewayConfigSchema.safeParse(value, { error: noOwnText });
  if (!parsed.success) {
    const malformed = parsed.error.issues.flatMap((issue) => problemsOf(issue, value));
    return { ok: false, problems: [...malformed, ...problemsOfGoodRoutes(value)] };
  }
  const config = parsed.data;
  const problems = [...compileRoutes(config).problems];
  problems.push(...probeProblems(config));
  for (const twice of doublyDefined(namedErrors(config))) problems.push(`the error ${twice} is defined twice`);
  for (const range of config.trustedProxies ?? []) {
    try {
      trustRanges([range]);
    } catch (error) {
      problems.push(`trustedProxies: ${messageOf(error)}`);
    }
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

/** The paths that probes ask for are held to what is asked of clients. */
function probeProblems({ health, services = {} }: GatewayConfig): readonly string[] {
  const paths: [place: string, path: string | undefined][] = [['health', health?.path]];
  for (const [name, service] of Object.entries(services)) paths.push([`services.${name}.health`, service.health?.path]);
  return paths.flatMap(([place, path]) => {
    const target = path === undefined ? undefined : normalTarget(path);
    return target?.kind === 'refused' ? [`${place}.path is not in its normal form (${target.problem})`] : [];
  });
}

/** What is wrong with the routes of a good shape, in a configuration that has others: nobody should have to start twice. */
function problemsOfGoodRoutes(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || !('routes' in value) || !Array.isArray(value.routes)) return [];
  const good = value.routes.map((route) => routeSchema.safeParse(route).data);
  const places = good.flatMap((route, at) => (route === undefined ? [] : [at]));
  const { problems } = compileRoutes({ routes: good.filter((route) => route !== undefined) });
  return problems.map((problem) => problem.replace(/^routes\[(\d+)\]/, (_, at) => `routes[${places[Number(at)]}]`));
}

function problemsOf(issue: ZodError['issues'][number], config: unknown): readonly string[] {
  const place = placeOf(issue.path);
  // Of a bad name, only what is within says what is bad about it.
  if (issue.code === 'invalid_key') return issue.issues.map((within) => `${place}: the name ${textOf(within, '')}`);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${place}: unknown option "${key}"${adviceForOption(key)}`);
  return [`${place}: ${textOf(issue, valueAt(config, issue.path))}`];
}

/** What is wrong with `value`, in the schema's own words if it has some. */
function textOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.message === '' && value === undefined) return fieldMessage({ code: 'REQUIRED' }, 'en');
  return fieldMessage(describeIssue(issue, value), 'en');
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  let value = config;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

/** `['routes', 0, 'match']` → `routes[0].match`. */
function placeOf(path: readonly PropertyKey[]): string {
  let place = '';
  for (const key of path) place += typeof key === 'number' ? `[${key}]` : `${place === '' ? '' : '.'}${String(key)}`;
  return place === '' ? 'the configuration' : place;
}

/** Every error that a configuration names. */
function* namedErrors({ services = {}, routes, policies }: GatewayConfig): Generator<ErrorKind> {
  for (const { unavailable } of Object.values(services)) if (unavailable !== undefined) yield kindOf(unavailable);
  yield* namedByPolicies(policies);
  for (const route of routes) {
    yield* namedByPolicies(route.policies);
    if (route.kind !== 'aggregate') continue;
    for (const { error } of Object.values(route.parameters)) if (error !== undefined) yield kindOf(error);
    for (const { errors = {} } of Object.values(route.parts)) yield* Object.values(errors).map(kindOf);
  }
}

function* namedByPolicies(policies: readonly PolicyConfig[] = []): Generator<ErrorKind> {
  for (const policy of policies) if (policy.kind === 'ask') yield* Object.values(policy.errors ?? {}).map(kindOf);
}
