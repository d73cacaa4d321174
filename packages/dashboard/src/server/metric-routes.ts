import type { Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { TelemetryQueries } from '../telemetry/index.ts';
import type { MetricShow } from '../wire/index.ts';

const shows = ['value', 'rate', 'errors', 'p50', 'p95', 'p99', 'mean'] as const satisfies readonly MetricShow[];
const numberSchema = z.coerce.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** Parameters that begin so name an attribute: `filter.http.route=/users`. */
const filterPrefix = 'filter.';
/** What is shown if nothing else is asked for. */
const usualRangeMs = 900_000;

interface MetricQuery {
  readonly name: string;
  readonly show: MetricShow;
  readonly groupBy: readonly string[];
  readonly where: Readonly<Record<string, string>>;
  readonly from_ms?: number | undefined;
  readonly to_ms?: number | undefined;
  readonly points?: number | undefined;
}

const textSchema = z.string().min(1).max(256);

/** The query of `GET /api/metrics/query`. */
const metricQuery: z.ZodType<MetricQuery> = z.preprocess(
  (query) => {
    if (typeof query !== 'object' || query === null) return query;
    const where: Record<string, unknown> = {};
    const rest: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(query)) {
      if (name.startsWith(filterPrefix)) where[name.slice(filterPrefix.length)] = value;
      else if (name === 'group_by') rest['groupBy'] = [value].flat();
      else rest[name] = value;
    }
    return { ...rest, where };
  },
  z.strictObject({
    name: textSchema,
    show: z.enum(shows).default('value'),
    groupBy: z.array(textSchema).max(8).default([]),
    where: z.record(textSchema, z.string().max(512)),
    from_ms: numberSchema.optional(),
    to_ms: numberSchema.optional(),
    points: z.coerce.number().int().min(2).max(1_000).optional(),
  }),
);

/** The metrics of which something is kept, and how they have developed. */
export function metricRoutes(app: HttpApp, queries: TelemetryQueries, clock: Clock): void {
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/api/metrics', { config }, () => queries.metrics());
  app.get('/api/metrics/query', { config, schema: { querystring: metricQuery } }, ({ query }) => {
    const { from_ms: from, to_ms: toMs = clock.now(), ...asked } = query;
    return queries.metric({ ...asked, fromMs: from ?? toMs - usualRangeMs, toMs });
  });
}
