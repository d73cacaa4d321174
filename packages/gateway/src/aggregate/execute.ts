import { routeDefaults } from '../config/gateway-config.ts';
import type { CallContext } from '../engine/call-context.ts';
import type { UpstreamCall } from '../engine/engine.ts';
import type { LocalRequest, LocalResponse } from '../engine/local-response.ts';
import { removeField } from '../headers/header-list.ts';
import { ownCallFields } from '../headers/own-call-fields.ts';
import { type ForwardingRules, upstreamRequestFields } from '../headers/request-fields.ts';
import type { AggregatePlan, PlannedPart } from '../routes/aggregate-plan.ts';
import { fillTarget } from '../target/target-template.ts';
import { mergeParts } from './merge.ts';
import { type PartResult, partResult } from './part-result.ts';

/** Of the client's request, what says who asks and in which language. Anything about the body's form is left out. */
const passedOn: ReadonlySet<string> = new Set(['accept-language', 'authorization', 'cookie']);
/** What the gateway itself asks parts for, whatever anybody says: their answers are joined. A compressed one could not be. */
const form: readonly string[] = ['Accept', 'application/json, application/problem+json', 'Accept-Encoding', 'identity'];

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
  context: CallContext,
): Promise<LocalResponse> {
  const startMs = context.clock.monotonicMs();
  const abandon = new AbortController();
  const signal = AbortSignal.any([request.signal, abandon.signal]);
  const headers = partHeaders(request, context.forwarding);
  // Before any call: a value that can't be put into one target must not leave the other parts asked for nothing.
  const targets = plan.parts.map((part) => fillTarget(part.target, values));
  const results = await Promise.all(
    plan.parts.map(async (part, at): Promise<PartResult> => {
      const dueMs = startMs + part.timeoutMs;
      const place = context.placeOf(part.service, request.head, values);
      const span = request.spans?.call(`part ${part.name}`, {
        'peer.service': part.service,
        'flotilla.part': part.name,
        'flotilla.required': part.required,
      });
      const call = { ...place, span, target: targets[at] ?? '/', onBehalfOf: request.head, headers, dueMs, signal };
      const result = await callPart(plan, part, call, context);
      const error = result.kind === 'failed' ? result.error : undefined;
      span?.end(error?.code, error !== undefined && error.status >= 500);
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
    context.logger.warn(fields, 'aggregate answered without an optional part');
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
  call: Omit<UpstreamCall, 'method' | 'timeouts' | 'maxAttempts' | 'maxBodyBytes'>,
  context: CallContext,
): Promise<PartResult> {
  const result = await context.caller.call({
    ...call,
    method: 'GET',
    timeouts: plan.timeouts,
    maxAttempts: routeDefaults.maxAttempts,
    maxBodyBytes: part.maxBodyBytes,
  });
  return partResult(part, result, context.unavailableOf(part.service), context.clock.now());
}

function partHeaders({ head, identity, edits }: LocalRequest, rules: ForwardingRules): readonly string[] {
  const fields = ownCallFields(upstreamRequestFields(head, identity, rules), passedOn);
  if (edits !== undefined) {
    edits.applyTo(fields);
    for (const name of ['accept', 'accept-encoding']) removeField(fields, name);
  }
  return [...form, ...fields];
}
