import type { Clock } from '@flotilla/contracts';
import { type Outcome, responseOutcome } from '../attempt/outcome.ts';
import { decideRetry } from '../attempt/retry-policy.ts';
import type { EngineLimits } from '../config/limits.ts';
import type { CallResult, UpstreamCall } from '../engine/engine.ts';
import type { Pick } from '../upstream/pick.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { Attempt, type AttemptFailure } from './attempt.ts';
import { collectBody } from './collect-body.ts';
import type { UpstreamAgents } from './upstream-agent.ts';

/** Makes one call of the gateway's own, with retries; see `UpstreamCaller`. */
export async function callUpstream(
  call: UpstreamCall,
  agents: UpstreamAgents,
  limits: EngineLimits,
  clock: Clock,
): Promise<CallResult> {
  const tried: Upstream[] = [];
  let last: AttemptFailure | undefined;
  let pick: Pick | undefined = call.pool.pick(tried);
  for (let attempts = 1; pick !== undefined; attempts++) {
    const result = await attemptOnce(call, pick, agents, limits, clock);
    pick.done(result.kind === 'response' ? responseOutcome(result.status) : result.outcome);
    if (result.kind === 'response') return result;
    last = result.outcome;
    tried.push(pick.upstream);
    const retry = decideRetry(last, {
      method: call.method,
      attempts,
      maxAttempts: call.maxAttempts,
      answerStarted: false,
      bodyReplayable: true,
    });
    if (retry === 'stop') break;
    pick = call.pool.pick(tried) ?? (retry === 'fresh' ? call.pool.pickAgain(pick.upstream) : undefined);
  }
  return { kind: 'failed', outcome: last };
}

type AttemptResult =
  | Extract<CallResult, { kind: 'response' }>
  | { readonly kind: 'failed'; readonly outcome: Exclude<Outcome, { kind: 'response' }> };

async function attemptOnce(
  call: UpstreamCall,
  pick: Pick,
  agents: UpstreamAgents,
  limits: EngineLimits,
  clock: Clock,
): Promise<AttemptResult> {
  if (call.signal.aborted) return { kind: 'failed', outcome: { kind: 'cancelled' } };
  const attempt = new Attempt({
    upstream: pick.upstream,
    agent: agents.of(pick.upstream),
    method: call.method,
    target: call.target,
    fields: ['Host', pick.upstream.authority, ...call.headers],
    body: call.body === undefined ? { kind: 'none' } : { kind: 'bytes', bytes: call.body },
    timeouts: call.timeouts,
    maxHeaderBytes: limits.headBytes,
    clock,
  });
  const cancel = (): void => attempt.cancel();
  call.signal.addEventListener('abort', cancel, { once: true });
  const deadline = clock.after(call.deadlineMs - clock.monotonicMs(), () =>
    attempt.fail({ kind: 'timeout', phase: 'total' }),
  );
  try {
    const head = await attempt.head;
    if (head.kind === 'failed') return head;
    const body = await collectBody(attempt, head.response, call.maxBodyBytes);
    if (body.kind === 'failed') return body;
    const { statusCode = 502, rawHeaders } = head.response;
    return { kind: 'response', status: statusCode, headers: rawHeaders, body: body.bytes };
  } finally {
    deadline.cancel();
    call.signal.removeEventListener('abort', cancel);
  }
}
