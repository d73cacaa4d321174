import { AppError, isAppError, type Locale } from '@flotilla/contracts';
import type { RequestGuard } from '@flotilla/kit/guard';
import { executeAggregate } from './aggregate/execute.ts';
import { readParameters } from './aggregate/read-parameters.ts';
import { routeMethods } from './config/gateway-config.ts';
import type { ProxyRoute } from './config/proxy-route.ts';
import type { Route } from './config/route.ts';
import type { CallContext } from './engine/call-context.ts';
import type { Decision, RequestHandler } from './engine/engine.ts';
import type { LocalResponse } from './engine/local-response.ts';
import { noPolicies, type PolicyStep } from './engine/policy-step.ts';
import type { AccessLog } from './exchange/access-log.ts';
import type { ExchangeRecord } from './exchange/exchange-record.ts';
import type { ExchangeTracing } from './exchange/exchange-tracing.ts';
import type { ExchangeMetrics } from './exchange/gateway-metrics.ts';
import { hasPassed, maxForwards } from './headers/request-fields.ts';
import type { RequestHead, RequestIdentity } from './headers/request-head.ts';
import type { LocalRoute } from './local/local-routes.ts';
import { problemResponse } from './local/problem-response.ts';
import type { PlannedPolicy } from './policy/planned-policy.ts';
import type { CompiledRoute, CompiledRoutes } from './routes/compile-routes.ts';
import { rewriteTarget } from './routes/rewrite.ts';
import type { Match, TableEntry } from './routes/route-table.ts';
import { type NormalTarget, normalTarget } from './target/normal-target.ts';
import type { ServicePools } from './upstream/service-pools.ts';
import type { UpstreamPool } from './upstream/upstream-pool.ts';

export interface RequestHandlerOptions {
  readonly routes: Pick<CompiledRoutes, 'table' | 'policies'>;
  readonly pools: ServicePools;
  readonly localRoutes: readonly LocalRoute[];
  /** For the calls of aggregates and policies. */
  readonly calls: CallContext;
  readonly metrics: ExchangeMetrics;
  readonly accessLog: AccessLog;
  readonly tracing: ExchangeTracing;
  readonly defaultLocale: Locale;
  readonly guard: RequestGuard<RequestHead> | undefined;
}

/** For an aggregate to say what its deadline has ended, before the engine ends it. */
const aggregateMarginMs = 1_000;

const localMethods: readonly string[] = ['GET', 'HEAD'];
const server: Route = ownRoute('*');

/** Everything the gateway thinks about a request; the engine does the rest. */
export class GatewayRequestHandler implements RequestHandler {
  readonly unrouted: readonly PolicyStep[];
  readonly #options: RequestHandlerOptions;
  /** The chains of all routes, each compiled once, by their plans. */
  readonly #chains = new Map<readonly PlannedPolicy[], readonly PolicyStep[]>();
  readonly #local: ReadonlyMap<string, OwnAnswer>;
  /** Where each route that has been asked for picks from. */
  readonly #pools = new Map<ProxyRoute, UpstreamPool>();

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
    this.unrouted = this.#chainOf(options.routes.policies);
    this.#local = new Map(options.localRoutes.map((local) => [local.path, { route: ownRoute(local.path), local }]));
  }

  decide(head: RequestHead): Decision {
    const upgrades = head.connection.length > 0 && head.connection.includes('upgrade');
    const refusal = this.#options.guard?.refusal(head.method, upgrades, head.host, head);
    if (refusal !== undefined) return this.#reject(undefined, refusal);
    const target = normalTarget(head.target);
    if (target.kind === 'refused') {
      // RFC 9110, 9.3.7: a question about the server as a whole.
      if (head.target === '*' && head.method === 'OPTIONS') return answerOptions(server, this.unrouted, localMethods);
      const error = new AppError('AMBIGUOUS_TARGET', { detail: `The gateway refused the target: ${target.problem}.` });
      return this.#reject(undefined, error);
    }
    const local = this.#local.get(target.path);
    if (local !== undefined) return this.#decideLocal(local, head.method);
    const match = this.#options.routes.table.match(target.path, head.method);
    switch (match.kind) {
      case 'none':
        return this.#reject(undefined, new AppError('ROUTE_NOT_FOUND'));
      case 'wrong-method':
        return head.method === 'OPTIONS'
          ? this.#answerOptions(match.best, match.allow)
          : this.#reject(match.best.value, methodNotAllowed(match.allow));
      case 'found':
        // Whoever may not pass it on answers it (RFC 9110, 7.6.2).
        if (maxForwards(head) === 0) return this.#answerOptions(match.entry, this.#methodsAt(target.path));
        if (hasPassed(head, this.#options.calls.forwarding.via)) return this.#reject(match.entry.value, loopDetected());
        return this.#decideFound(match, target, head);
      default:
        return match satisfies never;
    }
  }

  problem(error: AppError, head: RequestHead | undefined, identity: RequestIdentity): LocalResponse {
    return problemResponse(error, head, identity, this.#options.defaultLocale);
  }

  finished(record: ExchangeRecord): void {
    const isTraced = this.#options.tracing.record(record);
    this.#options.metrics.record(record, isTraced);
    this.#options.accessLog.record(record);
  }

  #poolOf(route: ProxyRoute): UpstreamPool {
    let pool = this.#pools.get(route);
    if (pool === undefined) {
      pool = this.#options.pools.of(route.service, route.balance);
      this.#pools.set(route, pool);
    }
    return pool;
  }

  #chainOf(plan: readonly PlannedPolicy[]): readonly PolicyStep[] {
    if (plan.length === 0) return noPolicies;
    let steps = this.#chains.get(plan);
    if (steps === undefined) {
      steps = plan.map((policy) => policy.compile(this.#options.calls));
      this.#chains.set(plan, steps);
    }
    return steps;
  }

  /** All methods that any route of the path has, beside OPTIONS. */
  #methodsAt(path: string): readonly string[] {
    // No request has the method that this asks for: it is found only where a route has all.
    const match = this.#options.routes.table.match(path, '');
    const methods: readonly string[] = match.kind === 'wrong-method' ? match.allow : routeMethods;
    return methods.filter((method) => method !== 'OPTIONS');
  }

  #decideFound(
    match: Extract<Match<CompiledRoute>, { kind: 'found' }>,
    target: NormalTarget,
    head: RequestHead,
  ): Decision {
    const { value } = match.entry;
    const policies = this.#chainOf(value.policies);
    if (value.kind === 'aggregate') {
      const context = this.#options.calls;
      const plan = value.route;
      return {
        kind: 'local',
        route: plan,
        policies,
        asked: true,
        bodyLimitBytes: 0,
        longestMs: plan.deadlineMs + aggregateMarginMs,
        respond(request) {
          const values = readParameters(plan, match.parameters, target.query);
          return executeAggregate(plan, values, request, context);
        },
      };
    }
    const { route } = value;
    try {
      const rewritten = rewriteTarget(value.rewrite, target, match.parameters);
      const key = value.key?.(head, match.parameters, this.#options.calls.forwarding.trusted);
      return { kind: 'proxy', route, policies, target: rewritten, pool: this.#poolOf(route), key };
    } catch (cause) {
      return this.#reject(value, isAppError(cause) ? cause : new AppError('INTERNAL', { cause }));
    }
  }

  #decideLocal({ route, local }: OwnAnswer, method: string): Decision {
    const policies = this.unrouted;
    const { bodyLimitBytes = 0, methods = localMethods, respond } = local;
    if (respond === undefined) return this.#reject(undefined, new AppError('ROUTE_NOT_FOUND'));
    if (method === 'OPTIONS') return answerOptions(route, policies, methods);
    if (!methods.includes(method)) return { kind: 'reject', route, policies, error: methodNotAllowed(methods) };
    return { kind: 'local', route, policies, asked: false, bodyLimitBytes, respond };
  }

  #answerOptions({ value }: TableEntry<CompiledRoute>, allow: readonly string[]): Decision {
    return answerOptions(value.route, this.#chainOf(value.policies), allow);
  }

  /** @param about undefined: no route has a part in it */
  #reject(about: CompiledRoute | undefined, error: AppError): Decision {
    const policies = about === undefined ? this.unrouted : this.#chainOf(about.policies);
    return { kind: 'reject', route: about?.route, policies, error };
  }
}

/** What the gateway answers from its own knowledge. */
interface OwnAnswer {
  readonly route: Route;
  readonly local: LocalRoute;
}

function ownRoute(template: string): Route {
  return Object.freeze({ kind: 'own', template, services: [] });
}

function loopDetected(): AppError {
  const cause = 'Via names this gateway: an instance of the service is this gateway, or leads back to it';
  return new AppError('LOOP_DETECTED', { cause });
}

function answerOptions(route: Route, policies: readonly PolicyStep[], allow: readonly string[]): Decision {
  const headers = ['Allow', [...allow, 'OPTIONS'].join(', ')];
  const respond = (): LocalResponse => ({ status: 204, headers, body: '' });
  return { kind: 'local', route, policies, asked: false, bodyLimitBytes: 0, respond };
}

/** `HEAD` goes without saying where there is `GET`: the message names what a person would try. */
function methodNotAllowed(allow: readonly string[]): AppError {
  const methods = allow.filter((method) => method !== 'HEAD').join(', ');
  return new AppError('METHOD_NOT_ALLOWED', { allow, parameters: { methods } });
}
