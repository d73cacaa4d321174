import { type ErrorKind, kindOf } from '@flotilla/contracts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { PolicyConfig } from '../config/policy-config.ts';

/** Every error that a configuration names. */
export function* namedErrors({ services = {}, routes, policies }: GatewayConfig): Generator<ErrorKind> {
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
