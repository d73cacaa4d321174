import { rule, serviceNameSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { pageQueryShape } from '@flotilla/kit/resource';
import { z } from 'zod';
import type { Registry } from '../registry.ts';
import { revisionHeader } from './revision-header.ts';

/** A whole number in a query. */
const numberSchema = z
  .string()
  .refine(
    (text) => /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)),
    rule('NOT_A_REVISION', { max: Number.MAX_SAFE_INTEGER }),
  );

interface TrailQuery {
  readonly from?: string | undefined;
  readonly before?: string | undefined;
  readonly service?: string | undefined;
  readonly limit?: number | undefined;
}

const querySchema: z.ZodType<TrailQuery> = z.strictObject({
  from: numberSchema.optional(),
  before: numberSchema.optional(),
  service: serviceNameSchema.optional(),
  limit: pageQueryShape.limit,
});

/** How many entries are shown if nothing else is asked for. */
const defaultLimit = 100;

/**
 * `GET /trail`: what changed, of whom, who did it, when and at which revision; the newest first. `from` asks for what came after
 * a revision, `service` for what is about one service. Older entries follow at the place `next`, as `before`.
 */
export function showTrail(app: HttpApp, registry: Registry): void {
  app.get('/trail', { schema: { querystring: querySchema } }, async (request, reply) => {
    const { from, before, service, limit = defaultLimit } = request.query;
    const found = await registry.trail.read({
      limit,
      service,
      after: from === undefined ? undefined : Number(from),
      before: before === undefined ? undefined : Number(before),
    });
    reply.header(revisionHeader, registry.revision);
    if (found.next !== undefined) reply.header('link', `<${olderThan(request.url, found.next)}>; rel="next"`);
    return found;
  });
}

function olderThan(url: string, place: number): string {
  const [path = '', query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('before', String(place));
  return `${path}?${parameters.toString()}`;
}
