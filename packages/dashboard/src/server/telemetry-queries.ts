import { z } from 'zod';
import type { LogFilter, RequestFilter } from '../queries/index.ts';
import type { LogLevel } from '../wire/index.ts';

/** A number in a query. */
const numberSchema = z.coerce.number().min(0).max(Number.MAX_SAFE_INTEGER);
const textSchema = z.string().max(512);
const range = { from_ms: numberSchema.optional(), to_ms: numberSchema.optional() };
const page = { cursor: textSchema.optional(), limit: z.coerce.number().int().min(1).max(1_000).optional() };
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly LogLevel[];

/** What is asked of requests. */
export type RequestQuery = Omit<RequestFilter, 'at'> & { readonly at?: 'gateway' | undefined };

/** The query of `GET /api/requests`. Empty values ask for nothing, as a form sends them. */
export const requestQuery: z.ZodType<RequestQuery> = z
  .preprocess(
    withoutEmpty,
    z.strictObject({
      at: z.enum(['gateway']).optional(),
      route: textSchema.optional(),
      status: textSchema.optional(),
      min_ms: numberSchema.optional(),
      service: textSchema.optional(),
      method: textSchema.optional(),
      text: textSchema.optional(),
      ...range,
      ...page,
    }),
  )
  .transform(({ min_ms: minMs, from_ms: fromMs, to_ms: toMs, ...rest }) => ({ ...rest, minMs, fromMs, toMs }));

const logShape = {
  level: z.enum(levels).optional(),
  service: textSchema.optional(),
  instance: textSchema.optional(),
  text: textSchema.optional(),
  trace_id: textSchema.optional(),
};

/** The query of `GET /api/logs`. */
export const logQuery: z.ZodType<LogFilter> = z
  .preprocess(withoutEmpty, z.strictObject({ ...logShape, ...range, ...page }))
  .transform(({ trace_id: traceId, from_ms: fromMs, to_ms: toMs, ...rest }) => ({ ...rest, traceId, fromMs, toMs }));

/** The query of `GET /api/logs/stream`. */
export const logStreamQuery: z.ZodType<LogFilter> = z
  .preprocess(withoutEmpty, z.strictObject(logShape))
  .transform(({ trace_id: traceId, ...rest }) => ({ ...rest, traceId }));

function withoutEmpty(query: unknown): unknown {
  if (typeof query !== 'object' || query === null) return query;
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}
