import { isSecretName } from '@flotilla/kit/logger';
import type { AggregateRouteConfig, GatewayConfig, ProxyRouteConfig, RouteConfig } from '../config/gateway-config.ts';
import { routeDefaults } from '../config/gateway-config.ts';
import { defaultBodyLimitBytes, defaultEngineLimits } from '../config/limits.ts';
import type { FieldEditsConfig, PolicyConfig } from '../config/policy-config.ts';
import { askDefaults } from '../config/policy-config.ts';
import { defaultRouteTimeouts } from '../config/timeouts.ts';
import { balancingOf } from '../routes/balancing.ts';
import type { RouteView } from './views.ts';

/** A route as operators see it. */
export function routeView(route: RouteConfig, config: GatewayConfig): RouteView {
  const policies = [...(config.policies ?? []), ...(route.policies ?? [])].map(policyView);
  const { match, kind } = route;
  switch (route.kind) {
    case 'proxy':
      return {
        match,
        kind,
        ...(route.methods === undefined ? {} : { methods: route.methods }),
        services: [route.service],
        ...(route.rewrite === undefined ? {} : { rewrite: route.rewrite }),
        policies,
        options: proxyOptions(route, config),
      };
    case 'aggregate': {
      const services = [...new Set(Object.values(route.parts).map(({ service }) => service))];
      return { match, kind, methods: ['GET'], services, policies, options: aggregateOptions(route) };
    }
    default:
      return route satisfies never;
  }
}

function proxyOptions(route: ProxyRouteConfig, config: GatewayConfig): RouteView['options'] {
  return {
    timeouts: { ...defaultRouteTimeouts, ...route.timeouts },
    maxAttempts: route.maxAttempts ?? routeDefaults.maxAttempts,
    idempotencyKeys: route.idempotencyKeys ?? routeDefaults.idempotencyKeys,
    bodyLimitBytes: route.bodyLimitBytes ?? defaultBodyLimitBytes,
    readBodyFirst: route.readBodyFirst ?? routeDefaults.readBodyFirst,
    bodyBytesPerSecond:
      route.bodyBytesPerSecond ?? config.limits?.bodyBytesPerSecond ?? defaultEngineLimits.bodyBytesPerSecond,
    location: route.location ?? 'rewrite',
    balance: balancingOf(config.services, route.service, route.balance).balance,
  };
}

function aggregateOptions({ deadlineMs = routeDefaults.deadlineMs, parameters, parts }: AggregateRouteConfig) {
  const shown = Object.entries(parts).map(([name, { service, target, need, timeoutMs = deadlineMs }]) => [
    name,
    { service, target, need, timeoutMs },
  ]);
  return { deadlineMs, parameters, parts: Object.fromEntries(shown) as Readonly<Record<string, unknown>> };
}

function policyView(policy: PolicyConfig): RouteView['policies'][number] {
  switch (policy.kind) {
    case 'fields': {
      const { kind, request, answer } = policy;
      return { kind, options: { ...shownEdits('request', request), ...shownEdits('answer', answer) } };
    }
    case 'ask': {
      const { kind, ...own } = policy;
      return { kind, options: { ...askDefaults, ...own } };
    }
    default:
      return policy satisfies never;
  }
}

/** The edits of one direction. Values whose names say that they are secrets are replaced. */
function shownEdits(direction: 'request' | 'answer', edits: FieldEditsConfig | undefined): RouteView['options'] {
  if (edits === undefined) return {};
  const { remove, set, add } = edits;
  return {
    [direction]: {
      ...(remove === undefined ? {} : { remove }),
      ...(set === undefined ? {} : { set: withoutSecrets(set) }),
      ...(add === undefined ? {} : { add: withoutSecrets(add) }),
    },
  };
}

function withoutSecrets(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const shown = Object.entries(values).map(([name, value]) => [name, isSecretName(name) ? 'REDACTED' : value]);
  return Object.fromEntries(shown) as Readonly<Record<string, string>>;
}
