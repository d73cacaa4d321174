import { AppError, type InstanceStatus, instanceStatuses, serviceNameSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { Registry } from '../registry.ts';
import { cursorSchema, isAfter, nextPageLink, type Place } from './list-page.ts';
import { instanceParametersSchema } from './path-parameters.ts';
import { revisionHeader } from './revision-header.ts';
import { type ShownCheck, showCheck } from './shown-check.ts';

interface ChecksQuery {
  readonly status?: InstanceStatus | undefined;
  readonly service?: string | undefined;
  readonly limit: number;
  readonly cursor?: Place | undefined;
}

/** With the longest outputs, that many are 4 MiB. */
const maxLimit = 1_000;

const querySchema: z.ZodType<ChecksQuery> = z.strictObject({
  status: z.enum(instanceStatuses).optional(),
  service: serviceNameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(maxLimit).default(maxLimit),
  cursor: cursorSchema.optional(),
});

/**
 * `GET /services/{name}/instances/{id}/checks`: the checks of one instance. `GET /checks`: those of all, or of one service,
 * or of one status; in pages, of which the last instance is always whole.
 */
export function listChecks(app: HttpApp, registry: Registry): void {
  const { view, checks } = registry;

  const shownOf = (name: string, id: string): readonly ShownCheck[] =>
    view.checks(name, id).map((check) => showCheck(check, checks.lastRun(check)));

  app.get(
    '/services/:name/instances/:id/checks',
    { schema: { params: instanceParametersSchema } },
    async (request, reply) => {
      const { name, id } = request.params;
      reply.header(revisionHeader, registry.revision);
      if (registry.get(name, id) === undefined) throw new AppError('INSTANCE_NOT_FOUND', { parameters: { name, id } });
      return shownOf(name, id);
    },
  );

  // A dashboard reads them again and again.
  const config = { requestLogLevel: 'debug' } as const;
  app.get('/checks', { config, schema: { querystring: querySchema } }, async (request, reply) => {
    const { status, service, limit, cursor } = request.query;
    reply.header(revisionHeader, registry.revision);
    const found: ShownCheck[] = [];
    for (const name of service === undefined ? view.names : [service]) {
      if (cursor !== undefined && name < cursor.name) continue;
      for (const instance of registry.list(name)) {
        if (cursor !== undefined && !isAfter(instance, cursor)) continue;
        found.push(...shownOf(name, instance.id).filter((check) => status === undefined || check.status === status));
        if (found.length < limit) continue;
        reply.header('link', nextPageLink(request.url, instance));
        return found;
      }
    }
    return found;
  });
}
