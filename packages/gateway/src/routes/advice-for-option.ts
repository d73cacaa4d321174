import { nearestName } from '@flotilla/kit/sources';
import { z } from 'zod';
import { gatewayConfigSchema } from '../config/gateway-config-schema.ts';

const stripping = 'write the target path as `rewrite`; the rest of a path below a match that ends in "/" is appended';
const perService = 'write the registered name as `service`; the registry knows where its instances run';

const balancing = "write `balance`, such as { kind: 'least-in-flight' }";

/** What other gateways call what has another name here. */
const foreign: ReadonlyMap<string, string> = new Map([
  ...['path', 'paths', 'uri', 'prefix', 'pathPrefix', 'url'].map((name) => [name, 'write `match`'] as const),
  ...['stripPrefix', 'strip_path', 'stripPath', 'pathRewrite', 'rewritePath'].map((name) => [name, stripping] as const),
  ...['upstream', 'upstreams', 'backend', 'host', 'hosts'].map((name) => [name, perService] as const),
  ['method', "write `methods`, a list: ['GET']"],
  ['timeout', 'write `timeouts`'],
  ['timeoutMs', 'write `timeouts`'],
  ...[
    'lb',
    'lbPolicy',
    'lb_policy',
    'loadBalancer',
    'loadBalancing',
    'load_balancing',
    'strategy',
    'algorithm',
    'sticky',
  ].map((name) => [name, balancing] as const),
  ['retries', 'write `maxAttempts`, which includes the first attempt'],
]);

/** What to write instead of an option that there is not; empty when nothing is near. */
export function adviceForOption(name: string): string {
  const known = foreign.get(name);
  if (known !== undefined) return `: ${known}`;
  const near = nearestName(
    name,
    optionNames(z.toJSONSchema(gatewayConfigSchema, { io: 'input', unrepresentable: 'any' })),
  );
  return near === undefined ? '' : `. Did you mean "${near}"?`;
}

function optionNames(schema: unknown): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const below = Object.values(schema).flatMap((value) => [...optionNames(value)]);
  const own =
    'properties' in schema && typeof schema.properties === 'object' ? Object.keys(schema.properties ?? {}) : [];
  return new Set([...own, ...below]);
}
