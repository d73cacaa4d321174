import { AppError } from '@flotilla/contracts';
import { failureOf } from '../attempt/failure.ts';
import type { Decision } from '../engine/engine.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';
import { candidatesOf } from './candidates.ts';
import { policySteps } from './policy-steps.ts';
import { refused } from './refused.ts';
import { retrySteps } from './steps.ts';
import type { RouteExplanation, RouteView } from './views.ts';

/** What becomes of a request that is passed on. */
export function proxied(
  head: RequestHead,
  { pool, route, target }: Extract<Decision, { kind: 'proxy' }>,
  view: RouteView | undefined,
  found: readonly string[],
): RouteExplanation {
  const { bodyLimitBytes, service } = route;
  const steps = [...found, ...policySteps(view?.policies ?? [])];
  const length = Number(headerValue(head.headers, 'content-length') ?? '0');
  if (bodyLimitBytes > 0 && length > bodyLimitBytes)
    return refused(new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes: bodyLimitBytes } }), steps);
  const { ids: candidates, step } = candidatesOf(pool, route);
  const how = target === head.target ? 'as it came' : "by the route's rewrite";
  steps.push(`${service} is asked for ${target}, ${how}`, step);
  const upstream = { service, target, candidates };
  if (candidates.length === 0) return { ...refused(failureOf(undefined, route.unavailable), steps), upstream };
  return { outcome: 'proxied', steps: [...steps, ...retrySteps(head, route)], upstream };
}
