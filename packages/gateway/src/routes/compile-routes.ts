import { kindOf } from '@flotilla/contracts';
import { nearestName } from '@flotilla/kit/sources';
import { isUnavailable, misfitOf } from '../config/fitting-error.ts';
import { type GatewayConfig, type RouteConfig, routeDefaults } from '../config/gateway-config.ts';
import { defaultBodyLimitBytes, defaultEngineLimits } from '../config/limits.ts';
import { ownPaths } from '../config/own-paths.ts';
import { defaultRetryAfterMs, type ProxyRoute, type Unavailable } from '../config/proxy-route.ts';
import { defaultRouteTimeouts } from '../config/timeouts.ts';
import type { KeyReader } from '../headers/request-key.ts';
import { planPolicies, servicesOfPolicies } from '../policy/plan-policies.ts';
import type { PlannedPolicy } from '../policy/planned-policy.ts';
import { normalTarget } from '../target/normal-target.ts';
import { parseTargetTemplate } from '../target/target-template.ts';
import { type AggregatePlan, messageOf, planAggregate } from './aggregate-plan.ts';
import { balancingOf, problemOfKey } from './balancing.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { compileRelocation } from './relocation.ts';
import { compileRewrite, type Rewrite } from './rewrite.ts';
import { RouteTable } from './route-table.ts';

/** What the table says about a path. */
export type CompiledRoute = {
  /** The gateway's policies and the route's own. */
  readonly policies: readonly PlannedPolicy[];
} & (
  | {
      readonly kind: 'proxy';
      readonly route: ProxyRoute;
      readonly rewrite: Rewrite;
      /** Reads what the route's balancer asks of a request; undefined: it asks for nothing. */
      readonly key: KeyReader | undefined;
    }
  | { readonly kind: 'aggregate'; readonly route: AggregatePlan }
);

/** All routes, ready for look-ups. */
export interface CompiledRoutes {
  readonly table: RouteTable<CompiledRoute>;
  /** The gateway's policies, which answers pass that no route has a part in. */
  readonly policies: readonly PlannedPolicy[];
  /** The services that any route, part or policy calls. */
  readonly services: readonly string[];
  /** What is wrong, each with the place it is at. The rest is only of use when this is empty. */
  readonly problems: readonly string[];
}

/** What clients are told when no instance of `service` can be reached. */
export function unavailableOf(config: GatewayConfig, service: string): Unavailable {
  const kind = kindOf(config.services?.[service]?.unavailable ?? 'SERVICE_UNAVAILABLE');
  return { service, kind, retryAfterMs: defaultRetryAfterMs };
}

/** Builds the table of all routes and collects everything that is wrong with them. */
export function compileRoutes(config: GatewayConfig): CompiledRoutes {
  const table = new RouteTable<CompiledRoute>();
  const problems: string[] = [];
  const everywhere = planPolicies(config.policies, (problem) => void problems.push(problem));
  const services = new Set(servicesOfPolicies(everywhere));
  for (const problem of policyKeyProblems(everywhere, config)) problems.push(problem);
  const hasRoute = (path: string): boolean => {
    const target = normalTarget(path);
    return target.kind === 'normal' && table.match(target.path, 'GET').kind !== 'none';
  };
  for (const [at, route] of config.routes.entries()) {
    const report = (problem: string): void => void problems.push(`routes[${at}] (${route.match}): ${problem}`);
    let pattern: Pattern;
    try {
      pattern = parsePattern(route.match);
    } catch (error) {
      report(`match ${messageOf(error)}`);
      if (route.kind === 'proxy') checkTemplate(route.rewrite, report);
      continue;
    }
    for (const problem of problemsOf(route, pattern)) report(problem);
    const own = planPolicies(route.policies, report);
    for (const problem of keyProblems(route, pattern, own, config)) report(problem);
    const policies = own.length === 0 ? everywhere : [...everywhere, ...own];
    const value = compileRoute(route, pattern, policies, config, hasRoute, report);
    if (value === undefined) continue;
    for (const service of [...value.route.services, ...servicesOfPolicies(own)]) services.add(service);
    try {
      table.add({ pattern, methods: methodsOf(route), value });
    } catch (error) {
      report(messageOf(error));
    }
  }
  problems.push(...serviceProblems(config, services));
  return { table, policies: everywhere, services: [...services], problems };
}

/** What can be said of a rewrite whose match can't be read. */
function checkTemplate(rewrite: string | undefined, report: (problem: string) => void): void {
  try {
    if (rewrite !== undefined) parseTargetTemplate(rewrite);
  } catch (error) {
    report(`rewrite ${messageOf(error)}`);
  }
}

/** What a route promises and can't keep. */
function problemsOf(route: RouteConfig, pattern: Pattern): readonly string[] {
  const problems: string[] = [];
  const path = pattern.subtree ? pattern.template.slice(0, -1) : pattern.template;
  const own = ownPaths.find((candidate) => candidate === path);
  if (own !== undefined) problems.push(`match: the gateway answers ${own} itself: choose another path`);
  const methods: readonly string[] = route.kind === 'proxy' ? (route.methods ?? []) : [];
  const twice = methods.find((method, at) => methods.indexOf(method) < at);
  if (twice !== undefined) problems.push(`methods lists ${twice} twice`);
  return problems;
}

/** What balancers ask of the route's requests, and those don't have. */
function keyProblems(
  route: RouteConfig,
  pattern: Pattern,
  policies: readonly PlannedPolicy[],
  config: GatewayConfig,
): ReadonlySet<string> {
  const { services } = config;
  const problems =
    route.kind === 'proxy'
      ? [problemOfKey(services, route.service, route.balance, pattern.parameterNames)]
      : Object.values(route.parts).map(({ service }) =>
          problemOfKey(services, service, undefined, Object.keys(route.parameters)),
        );
  return new Set([...problems.filter((problem) => problem !== undefined), ...policyKeyProblems(policies, config)]);
}

/** What balancers ask of the questions that policies ask, which have no parameters. */
function policyKeyProblems(policies: readonly PlannedPolicy[], { services }: GatewayConfig): readonly string[] {
  const asked = servicesOfPolicies(policies);
  return asked
    .map((service) => problemOfKey(services, service, undefined, []))
    .filter((problem) => problem !== undefined);
}

/** What is wrong with what is said of services. */
function serviceProblems(config: GatewayConfig, used: ReadonlySet<string>): readonly string[] {
  const problems: string[] = [];
  for (const [name, service] of Object.entries(config.services ?? {})) {
    if (!used.has(name)) {
      const near = nearestName(name, used);
      problems.push(`services.${name}: no route uses it${near === undefined ? '' : `. Did you mean "${near}"?`}`);
    }
    const misfit = service.unavailable && misfitOf(service.unavailable, isUnavailable, 'an error with status 503');
    if (misfit !== undefined) problems.push(`services.${name}.unavailable: ${misfit}`);
  }
  return problems;
}

function compileRoute(
  route: RouteConfig,
  pattern: Pattern,
  policies: readonly PlannedPolicy[],
  config: GatewayConfig,
  hasRoute: (path: string) => boolean,
  report: (problem: string) => void,
): CompiledRoute | undefined {
  if (route.kind === 'aggregate') {
    return { kind: 'aggregate', policies, route: planAggregate(route, pattern, defaultRouteTimeouts, report) };
  }
  let rewrite: Rewrite;
  try {
    rewrite = compileRewrite(pattern, route.rewrite);
  } catch (error) {
    report(`rewrite ${messageOf(error)}`);
    return undefined;
  }
  const { balance, key } = balancingOf(config.services, route.service, route.balance);
  return {
    kind: 'proxy',
    policies,
    rewrite,
    key,
    route: Object.freeze({
      kind: 'proxy',
      template: pattern.template,
      services: [route.service],
      service: route.service,
      unavailable: unavailableOf(config, route.service),
      timeouts: Object.freeze({ ...defaultRouteTimeouts, ...route.timeouts }),
      bodyLimitBytes: route.bodyLimitBytes ?? defaultBodyLimitBytes,
      relocation: route.location === 'keep' ? undefined : compileRelocation(pattern, route.rewrite, hasRoute),
      readBodyFirst: route.readBodyFirst ?? routeDefaults.readBodyFirst,
      bodyBytesPerSecond:
        route.bodyBytesPerSecond ?? config.limits?.bodyBytesPerSecond ?? defaultEngineLimits.bodyBytesPerSecond,
      maxAttempts: route.maxAttempts ?? routeDefaults.maxAttempts,
      idempotencyKeys: route.idempotencyKeys ?? routeDefaults.idempotencyKeys,
      balance,
    }),
  };
}

function methodsOf(route: RouteConfig): ReadonlySet<string> | undefined {
  const methods = route.kind === 'aggregate' ? (['GET'] as const) : route.methods;
  if (methods === undefined) return undefined;
  return new Set(methods.flatMap((method): string[] => (method === 'GET' ? ['GET', 'HEAD'] : [method])));
}
