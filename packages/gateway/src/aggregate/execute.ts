import type { Clock } from '@flotilla/contracts';
import type { Logger } from '@flotilla/kit/logger';
import { routeDefaults } from '../config/gateway-config.ts';
import type { Unavailable } from '../config/proxy-route.ts';
import type { LocalRequest, LocalResponse, UpstreamCaller } from '../engine/engine.ts';
import { tellsOrigin } from '../headers/origin-fields.ts';
import { type ForwardingRules, upstreamRequestFields } from '../headers/request-fields.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { AggregatePlan, PlannedPart } from '../routes/aggregate-plan.ts';
import { fillTarget } from '../target/target-template.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import { mergeParts } from './merge.ts';
import { type PartResult, partResult } from './part-result.ts';

/** What carrying out an aggregate needs. */
export interface AggregateContext {
  readonly caller: UpstreamCaller;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly forwarding: ForwardingRules;
  poolOf(service: string): UpstreamPool;
  unavailableOf(service: string): Unavailable;
}

/** Of the client's request, what says who asks and in which language. Anything about the body's form is left out. */
const passedOn: ReadonlySet<string> = new Set(['accept-language', 'authorization', 'cookie', 'baggage']);
/** Ours, beside those that tell the origin. */
const ours: ReadonlySet<string> = new Set(['via', 'x-request-id', 'traceparent', 'tracestate']);

/**
 * Calls all parts in parallel under one deadline and joins their answers. When a required part says that the request
 * itself is at fault (4xx) the others are cancelled: nothing they say can change the answer.
 *
 * @throws AppError what a required part failed with
 */
export async function executeAggregate(
  plan: AggregatePlan,
  values: ReadonlyMap<string, string>,
  request: LocalRequest,
  context: AggregateContext,
): Promise<LocalResponse> {
  const startMs = context.clock.monotonicMs();
  const abandon = new AbortController();
  const signal = AbortSignal.any([request.signal, abandon.signal]);
  const headers = partHeaders(request, context.forwarding);
  // Before any call: a value that can't be put into one target must not leave the other parts asked for nothing.
  const targets = plan.parts.map((part) => fillTarget(part.target, values));
  const results = await Promise.all(
    plan.parts.map(async (part, at): Promise<PartResult> => {
      const deadlineMs = startMs + part.timeoutMs;
      const result = await callPart(plan, part, targets[at] ?? '/', request.head, headers, deadlineMs, signal, context);
      if (result.kind === 'failed' && part.required && result.error.status < 500) abandon.abort();
      return result;
    }),
  );
  const merged = mergeParts(plan, results);
  if (merged.kind === 'failed') throw merged.error;
  for (const [at, part] of plan.parts.entries()) {
    const result = results[at];
    if (result?.kind !== 'failed') continue;
    const fields = { requestId: request.identity.requestId, route: plan.template, part: part.name, err: result.error };
    context.logger.warn(fields, 'an optional part is missing from an aggregate');
  }
  return {
    status: 200,
    headers: ['Content-Type', 'application/json; charset=utf-8', 'Cache-Control', 'no-store'],
    body: merged.body,
  };
}

async function callPart(
  plan: AggregatePlan,
  part: PlannedPart,
  target: string,
  onBehalfOf: RequestHead,
  headers: readonly string[],
  deadlineMs: number,
  signal: AbortSignal,
  context: AggregateContext,
): Promise<PartResult> {
  const result = await context.caller.call({
    pool: context.poolOf(part.service),
    method: 'GET',
    target,
    onBehalfOf,
    headers,
    timeouts: plan.timeouts,
    maxAttempts: routeDefaults.maxAttempts,
    deadlineMs,
    maxBodyBytes: part.maxBodyBytes,
    signal,
  });
  return partResult(part, result, context.unavailableOf(part.service), context.clock.now());
}

function partHeaders(request: LocalRequest, rules: ForwardingRules): readonly string[] {
  const fields = upstreamRequestFields(request.head, request.identity, rules);
  const kept: string[] = ['Accept', 'application/json, application/problem+json'];
  // A compressed answer could not be joined.
  kept.push('Accept-Encoding', 'identity');
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    const lower = name.toLowerCase();
    if (passedOn.has(lower) || ours.has(lower) || tellsOrigin(lower)) kept.push(name, fields[at + 1] ?? '');
  }
  return kept;
}
