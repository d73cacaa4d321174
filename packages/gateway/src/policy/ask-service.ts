import { AppError, coreErrors, type ErrorKind } from '@flotilla/contracts';
import { failureOf, isOfOurAsking } from '../attempt/failure.ts';
import { routeDefaults } from '../config/gateway-config.ts';
import { defaultRouteTimeouts } from '../config/timeouts.ts';
import type { CallContext } from '../engine/call-context.ts';
import type { UpstreamCallResult } from '../engine/engine.ts';
import { type Decided, goOn, type PolicyRequest, type PolicyStep } from '../engine/policy-step.ts';
import type { CallSpan } from '../exchange/request-spans.ts';
import { problemOfValue } from '../headers/editable-fields.ts';
import { headerValue, headerValues } from '../headers/header-list.ts';
import { hideInstances } from '../headers/location-fields.ts';
import { ownCallFields, relayedFields } from '../headers/own-call-fields.ts';
import { upstreamRequestFields } from '../headers/request-fields.ts';
import { readRetryAfter } from '../headers/retry-after.ts';

/** What a service is asked, and what its answers mean; with nothing left to default. */
export interface Question {
  readonly service: string;
  readonly target: string;
  /** Names in lower case, as in what follows. */
  readonly send: ReadonlySet<string>;
  readonly toService: readonly string[];
  readonly toClient: readonly string[];
  readonly errors: ReadonlyMap<number, ErrorKind>;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly letsThrough: boolean;
}

type Response = Extract<UpstreamCallResult, { kind: 'response' }>;

const noParameters: ReadonlyMap<string, string> = new Map();

/** For the step to say itself what its deadline has ended, before the chain ends it. */
const marginMs = 500;

/** The step that asks. */
export function askService(plan: Question, context: CallContext): PolicyStep {
  const name = `ask ${plan.service}`;
  return {
    name,
    request: (request) => ({
      kind: 'wait',
      atMostMs: plan.timeoutMs + marginMs,
      async begin(signal) {
        const span = request.spans?.call(`policy ${name}`, { 'peer.service': plan.service, 'flotilla.policy': name });
        const result = await ask(plan, request, span, signal, context);
        const decided = judge(plan, result, request, context);
        const error = decided.kind === 'refuse' ? decided.error : undefined;
        span?.end(error?.code, error !== undefined && error.status >= 500);
        return decided;
      },
    }),
  };
}

function ask(
  plan: Question,
  request: PolicyRequest,
  span: CallSpan | undefined,
  signal: AbortSignal,
  context: CallContext,
): Promise<UpstreamCallResult> {
  const { timeoutMs } = plan;
  return context.caller.call({
    ...context.placeOf(plan.service, request.head, noParameters),
    method: 'GET',
    target: plan.target,
    onBehalfOf: request.head,
    span,
    headers: question(plan, request, context),
    timeouts: { ...defaultRouteTimeouts, firstByteMs: timeoutMs, progressMs: timeoutMs },
    maxAttempts: routeDefaults.maxAttempts,
    dueMs: context.clock.monotonicMs() + timeoutMs,
    maxBodyBytes: plan.maxBodyBytes,
    signal,
  });
}

/** What the service is told: who asks for what. */
function question({ send }: Question, { head, identity, up }: PolicyRequest, { forwarding }: CallContext): string[] {
  const fields = upstreamRequestFields(head, identity, forwarding);
  up.applyTo(fields);
  // A trusted proxy in front may have said what it was asked for: that is not what is asked for here.
  const kept = ownCallFields(fields, send).filter(
    (_, at, all) => !ofQuestion.has((all[at - (at % 2)] ?? '').toLowerCase()),
  );
  return [...kept, 'X-Forwarded-Method', head.method, 'X-Forwarded-Uri', head.target];
}

const ofQuestion: ReadonlySet<string> = new Set(['x-forwarded-method', 'x-forwarded-uri']);

function judge(plan: Question, result: UpstreamCallResult, request: PolicyRequest, context: CallContext): Decided {
  // Whatever the client says under these names: from here on they are the service's.
  for (const name of plan.toService) request.up.remove(name);
  if (result.kind === 'failed') {
    // Nobody waits any more.
    if (result.outcome?.kind === 'cancelled') return { kind: 'refuse', error: new AppError('CLIENT_CLOSED_REQUEST') };
    return failed(plan, failureOf(result.outcome, context.unavailableOf(plan.service)), request, context);
  }
  const { status, headers } = result;
  if (status >= 200 && status < 300) return letThrough(plan, result, request, context);
  const fault = status >= 500 || status < 300 || status === 304 || isOfOurAsking(status);
  const mapped = plan.errors.get(status);
  if (fault || mapped !== undefined) {
    const error = errorFor(plan, result, mapped, context);
    return fault ? failed(plan, error, request, context) : { kind: 'refuse', error };
  }
  const fields = relayedFields(headers);
  // It was asked by its own address, and may have made one for the client of that.
  hideInstances(fields, context.placeOf(plan.service, request.head, noParameters).pool.set.all);
  // A redirect or a 404 may be stored by rules of thumb, and would outlive the login that changes it.
  if (headerValue(fields, 'cache-control') === undefined) fields.push('Cache-Control', 'no-store');
  return { kind: 'answer', response: { status, headers: fields, body: result.body } };
}

/** @param mapped the error that the route has for the status */
function errorFor(
  { service }: Question,
  { status, headers }: Response,
  mapped: ErrorKind | undefined,
  { clock, unavailableOf }: CallContext,
): AppError {
  const unavailable = unavailableOf(service);
  const own = status === 503 ? unavailable.kind : status === 504 ? coreErrors.GATEWAY_TIMEOUT : coreErrors.BAD_GATEWAY;
  const retryAfterMs =
    readRetryAfter(headerValue(headers, 'retry-after'), clock.now()) ??
    (status === 503 ? unavailable.retryAfterMs : undefined);
  return new AppError(mapped ?? own, {
    parameters: { service },
    cause: `${service} answered ${status} when asked about a request`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === 401 ? { challenges: headerValues(headers, 'www-authenticate') } : {}),
  });
}

function letThrough(plan: Question, { headers }: Response, request: PolicyRequest, context: CallContext): Decided {
  const { service } = plan;
  const { up, down } = request;
  const fields = relayedFields(headers);
  for (const name of plan.toService) {
    for (const value of headerValues(fields, name)) {
      const problem = problemOfValue(name, value);
      if (problem === undefined) continue;
      const cause = `the value from ${service} in ${name} ${problem}`;
      return failed(plan, new AppError('BAD_GATEWAY', { parameters: { service }, cause }), request, context);
    }
  }
  for (const name of plan.toService) for (const value of headerValues(fields, name)) up.add(name, value);
  for (const name of plan.toClient) for (const value of headerValues(fields, name)) down.add(name, value);
  return goOn;
}

function failed(plan: Question, error: AppError, { identity }: PolicyRequest, { logger }: CallContext): Decided {
  if (!plan.letsThrough) return { kind: 'refuse', error };
  const fields = { requestId: identity.requestId, service: plan.service, err: error };
  logger.warn(fields, 'asked service gave no answer; request let through');
  return goOn;
}
