import { AppError, isAppError, type Locale } from '@flotilla/contracts';
import type { RequestGuard } from '@flotilla/kit/guard';
import { type AggregateContext, executeAggregate } from './aggregate/execute.ts';
import { readParameters } from './aggregate/read-parameters.ts';
import { routeMethods } from './config/gateway-config.ts';
import type { Decision, LocalResponse, RequestHandler } from './engine/engine.ts';
import type { AccessLog } from './exchange/access-log.ts';
import type { ExchangeMetrics } from './exchange/exchange-metrics.ts';
import type { ExchangeRecord } from './exchange/exchange-record.ts';
import { maxForwards } from './headers/max-forwards.ts';
import type { RequestHead, RequestIdentity } from './headers/request-head.ts';
import { hasPassed } from './headers/via.ts';
import type { LocalRoute } from './local/local-routes.ts';
import { problemResponse } from './local/problem-response.ts';
import type { CompiledRoute } from './routes/compile-routes.ts';
import { rewriteTarget } from './routes/rewrite.ts';
import type { Match, RouteTable } from './routes/route-table.ts';
import { type NormalTarget, normalTarget } from './target/normal-target.ts';
import type { UpstreamPool } from './upstream/upstream-pool.ts';

export interface RequestHandlerOptions {
  readonly table: RouteTable<CompiledRoute>;
  readonly pools: ReadonlyMap<string, UpstreamPool>;
  readonly localRoutes: readonly LocalRoute[];
  readonly aggregate: AggregateContext;
  readonly metrics: ExchangeMetrics;
  readonly accessLog: AccessLog;
  readonly defaultLocale: Locale;
  readonly guard: RequestGuard<RequestHead> | undefined;
}

/** For an aggregate to say what its deadline has ended, before the engine ends it. */
const aggregateMarginMs = 1_000;

const localMethods: readonly string[] = ['GET', 'HEAD'];

/** Everything the gateway thinks about a request; the engine does the rest. */
export class GatewayRequestHandler implements RequestHandler {
  readonly #options: RequestHandlerOptions;
  readonly #local: ReadonlyMap<string, LocalRoute>;

  constructor(options: RequestHandlerOptions) {
    this.#options = options;
    this.#local = new Map(options.localRoutes.map((route) => [route.path, route]));
  }

  decide(head: RequestHead): Decision {
    const upgrades = head.connection.length > 0 && head.connection.includes('upgrade');
    const refusal = this.#options.guard?.refusal(head.method, upgrades, head.host, head);
    if (refusal !== undefined) return { kind: 'reject', template: undefined, error: refusal };
    const target = normalTarget(head.target);
    if (target.kind === 'refused') {
      // RFC 9110, 9.3.7: a question about the server as a whole.
      if (head.target === '*' && head.method === 'OPTIONS') return answerOptions('*', localMethods);
      const error = new AppError('AMBIGUOUS_TARGET', { detail: `The target was refused: ${target.problem}.` });
      return { kind: 'reject', template: undefined, error };
    }
    const local = this.#local.get(target.path);
    if (local !== undefined) return decideLocal(local, head.method);
    const match = this.#options.table.match(target.path, head.method);
    switch (match.kind) {
      case 'none':
        return { kind: 'reject', template: undefined, error: new AppError('ROUTE_NOT_FOUND') };
      case 'wrong-method':
        return head.method === 'OPTIONS'
          ? answerOptions(match.template, match.allow)
          : { kind: 'reject', template: match.template, error: methodNotAllowed(match.allow) };
      case 'found':
        // Whoever may not pass it on answers it (RFC 9110, 7.6.2).
        if (maxForwards(head) === 0) return answerOptions(match.entry.pattern.template, this.#methodsAt(target.path));
        if (hasPassed(head, this.#options.aggregate.forwarding.via)) return refuseLoop(match.entry.pattern.template);
        return this.#decideFound(match, target);
      default:
        return match satisfies never;
    }
  }

  problem(error: AppError, head: RequestHead | undefined, identity: RequestIdentity): LocalResponse {
    return problemResponse(error, head, identity, this.#options.defaultLocale);
  }

  finished(record: ExchangeRecord): void {
    this.#options.metrics.record(record);
    this.#options.accessLog.record(record);
  }

  /** All methods that any route of the path has, beside OPTIONS. */
  #methodsAt(path: string): readonly string[] {
    // No request has the method that this asks for: it is found only where a route has all.
    const match = this.#options.table.match(path, '');
    const methods: readonly string[] = match.kind === 'wrong-method' ? match.allow : routeMethods;
    return methods.filter((method) => method !== 'OPTIONS');
  }

  #decideFound(match: Extract<Match<CompiledRoute>, { kind: 'found' }>, target: NormalTarget): Decision {
    const { value, pattern } = match.entry;
    if (value.kind === 'aggregate') {
      const context = this.#options.aggregate;
      return {
        kind: 'local',
        template: pattern.template,
        bodyLimitBytes: 0,
        longestMs: value.plan.deadlineMs + aggregateMarginMs,
        respond(request) {
          const values = readParameters(value.plan, match.parameters, target.query);
          return executeAggregate(value.plan, values, request, context);
        },
      };
    }
    const pool = this.#options.pools.get(value.route.service);
    if (pool === undefined) {
      const cause = `no pool for ${value.route.service}`;
      return { kind: 'reject', template: pattern.template, error: new AppError('INTERNAL', { cause }) };
    }
    try {
      const rewritten = rewriteTarget(value.rewrite, target, match.parameters);
      return { kind: 'proxy', route: value.route, target: rewritten, pool };
    } catch (cause) {
      const error = isAppError(cause) ? cause : new AppError('INTERNAL', { cause });
      return { kind: 'reject', template: pattern.template, error };
    }
  }
}

function refuseLoop(template: string): Decision {
  const cause = 'Via names this gateway: an instance of the service is this gateway, or leads back to it';
  return { kind: 'reject', template, error: new AppError('LOOP_DETECTED', { cause }) };
}

function decideLocal(route: LocalRoute, method: string): Decision {
  if (method === 'OPTIONS') return answerOptions(route.path, localMethods);
  if (!localMethods.includes(method)) {
    return { kind: 'reject', template: route.path, error: methodNotAllowed(localMethods) };
  }
  return { kind: 'local', template: route.path, bodyLimitBytes: 0, respond: (request) => route.respond(request) };
}

function answerOptions(template: string, allow: readonly string[]): Decision {
  const headers = ['Allow', [...allow, 'OPTIONS'].join(', ')];
  return { kind: 'local', template, bodyLimitBytes: 0, respond: () => ({ status: 204, headers, body: '' }) };
}

/** `HEAD` goes without saying where there is `GET`: the message names what a person would try. */
function methodNotAllowed(allow: readonly string[]): AppError {
  const methods = allow.filter((method) => method !== 'HEAD').join(', ');
  return new AppError('METHOD_NOT_ALLOWED', { allow, parameters: { methods } });
}
