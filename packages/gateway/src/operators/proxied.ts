import { AppError, type Translated } from '@flotilla/contracts';
import { failureOf } from '../attempt/failure.ts';
import type { Decision } from '../engine/engine.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead } from '../headers/request-head.ts';
import { both } from './both.ts';
import { candidatesOf } from './candidates.ts';
import { policySteps } from './policy-steps.ts';
import { refused } from './refused.ts';
import { retrySteps } from './steps.ts';
import type { ExplainedRequest, RouteView } from './views.ts';

/** What becomes of a request that is passed on. */
export function proxied(
  head: RequestHead,
  { pool, route, target }: Extract<Decision, { kind: 'proxy' }>,
  view: RouteView | undefined,
  found: readonly Translated[],
): ExplainedRequest {
  const { bodyLimitBytes, service } = route;
  const steps = [...found, ...policySteps(view?.policies ?? [])];
  const length = Number(headerValue(head.headers, 'content-length') ?? '0');
  if (bodyLimitBytes > 0 && length > bodyLimitBytes)
    return refused(new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes: bodyLimitBytes } }), steps);
  const { ids: candidates, step } = candidatesOf(pool, route);
  const asked =
    target === head.target
      ? both(`${service} is asked for ${target}, as it came`, `向 ${service} 请求 ${target}，与收到的相同`)
      : both(
          `${service} is asked for ${target}, by the route's rewrite`,
          `向 ${service} 请求 ${target}，由路由的 rewrite 得出`,
        );
  steps.push(asked, step);
  const upstream = { service, target, candidates };
  if (candidates.length === 0) return { ...refused(failureOf(undefined, route.unavailable), steps), upstream };
  return { outcome: 'proxied', steps: [...steps, ...retrySteps(head, route)], upstream };
}
