import { serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';
import { balanceSchema } from '../balance/balance-schema.ts';
import { type GatewayConfig, type RouteConfig, routeMethods } from './gateway-config.ts';
import { policiesSchema } from './policy-config-schema.ts';
import { bytes, errorSchema, pathSchema, positiveMs } from './schema-parts.ts';

const methodSchema = z.enum(routeMethods, {
  error({ input }) {
    const known = `must be one of ${routeMethods.join(', ')}`;
    if (typeof input !== 'string') return known;
    const upper = input.toUpperCase();
    if (upper === 'HEAD') return 'must not be HEAD: GET includes it';
    if (upper === 'TRACE' || upper === 'CONNECT') return `must not be ${upper}: the gateway never forwards it`;
    if (['*', 'ALL', 'ANY'].includes(upper)) return `must not be "${input}": omit methods to allow all`;
    return isRouteMethod(upper) ? `must be written "${upper}"` : known;
  },
});

function isRouteMethod(text: string): boolean {
  return (routeMethods as readonly string[]).includes(text); // A wider type, so that any text can be asked for.
}

const proxySchema = z.strictObject({
  kind: z.literal('proxy'),
  match: pathSchema,
  methods: z
    .array(methodSchema, { error: "must be a list, such as ['GET']" })
    .min(1, 'must name at least one: omit it to allow all')
    .exactOptional(),
  service: serviceNameSchema,
  rewrite: pathSchema.exactOptional(),
  location: z.enum(['rewrite', 'keep']).exactOptional(),
  timeouts: z
    .strictObject({
      connectMs: positiveMs.exactOptional(),
      firstByteMs: positiveMs.exactOptional(),
      progressMs: positiveMs.exactOptional(),
      totalMs: z.int().min(0).max(86_400_000).exactOptional(),
    })
    .exactOptional(),
  bodyLimitBytes: bytes.exactOptional(),
  readBodyFirst: z.boolean().exactOptional(),
  bodyBytesPerSecond: bytes.exactOptional(),
  maxAttempts: z.int().min(1).max(10).exactOptional(),
  idempotencyKeys: z.boolean().exactOptional(),
  balance: balanceSchema.exactOptional(),
  policies: policiesSchema.exactOptional(),
});

const nameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must consist of letters, digits and "_"');

const aggregateSchema = z.strictObject({
  kind: z.literal('aggregate'),
  match: pathSchema,
  parameters: z.record(
    nameSchema,
    z.strictObject({
      in: z.enum(['path', 'query']),
      type: z.enum(['id', 'text']),
      error: errorSchema.exactOptional(),
    }),
  ),
  deadlineMs: positiveMs.exactOptional(),
  parts: z.record(
    nameSchema,
    z.strictObject({
      service: serviceNameSchema,
      target: pathSchema,
      need: z.enum(['required', 'optional']),
      errors: z.record(z.coerce.number().pipe(z.int().min(400).max(599)), errorSchema).exactOptional(),
      timeoutMs: positiveMs.exactOptional(),
      maxBodyBytes: z.int().min(1).exactOptional(),
    }),
  ),
  policies: policiesSchema.exactOptional(),
});

const healthSchema = z.strictObject({
  path: pathSchema.exactOptional(),
  failuresInARow: z.int().min(1).max(1_000).exactOptional(),
  silenceMs: positiveMs.exactOptional(),
  probeTimeoutMs: positiveMs.exactOptional(),
  firstProbeMs: positiveMs.exactOptional(),
  longestProbeMs: positiveMs.exactOptional(),
});

/** Checks the shape of one route. */
export const routeSchema: z.ZodType<RouteConfig> = z.discriminatedUnion('kind', [proxySchema, aggregateSchema]);

/** Checks the shape of a {@link GatewayConfig}. What routes mean together is checked by `checkRoutes`. */
export const gatewayConfigSchema: z.ZodType<GatewayConfig> = z.strictObject({
  routes: z.array(routeSchema).min(1, 'must have at least one route'),
  services: z
    .record(
      serviceNameSchema,
      z.strictObject({
        unavailable: errorSchema.exactOptional(),
        health: healthSchema.exactOptional(),
        balance: balanceSchema.exactOptional(),
      }),
    )
    .exactOptional(),
  health: healthSchema.exactOptional(),
  policies: policiesSchema.exactOptional(),
  trustedProxies: z.array(z.string()).exactOptional(),
  timeouts: z
    .strictObject({
      headMs: positiveMs.exactOptional(),
      bodyGraceMs: positiveMs.exactOptional(),
      bodyProgressMs: positiveMs.exactOptional(),
      writeProgressMs: positiveMs.exactOptional(),
      keepAliveIdleMs: positiveMs.exactOptional(),
      upstreamIdleMs: positiveMs.exactOptional(),
      drainIdleMs: positiveMs.exactOptional(),
      longLivedAfterMs: positiveMs.exactOptional(),
      tunnelIdleMs: positiveMs.exactOptional(),
    })
    .exactOptional(),
  limits: z
    .strictObject({
      connections: z.int().min(1).exactOptional(),
      connectionsPerClient: z.int().min(1).exactOptional(),
      headBytes: z.int().min(1_024).exactOptional(),
      headFields: z.int().min(10).exactOptional(),
      targetBytes: z.int().min(256).exactOptional(),
      longLived: z.int().min(1).exactOptional(),
      longLivedPerClient: z.int().min(1).exactOptional(),
      connectionsPerUpstream: z.int().min(1).exactOptional(),
      longLivedPerUpstream: z.int().min(1).exactOptional(),
      clientShare: z.number().positive().max(1).exactOptional(),
      bodyBytesPerSecond: bytes.exactOptional(),
      waiting: z.int().min(1).exactOptional(),
    })
    .exactOptional(),
});
