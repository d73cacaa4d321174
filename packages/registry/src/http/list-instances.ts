import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { filterOf, instanceQuerySchema } from './instance-query.ts';
import { serviceParametersSchema } from './path-parameters.ts';
import { revisionHeader } from './revision-header.ts';

/**
 * `GET /services`: every instance, by name and id. `GET /services/{name}/instances`: those of one service; a
 * service nobody knows has none, which is no error. Both take the same filters.
 */
export function listInstances(app: HttpApp, registry: Registry): void {
  app.get('/services', { schema: { querystring: instanceQuerySchema } }, async (request, reply) => {
    reply.header(revisionHeader, registry.revision);
    return registry.listAll(filterOf(request.query));
  });
  const schema = { params: serviceParametersSchema, querystring: instanceQuerySchema };
  app.get('/services/:name/instances', { schema }, async (request, reply) => {
    reply.header(revisionHeader, registry.revision);
    return registry.list(request.params.name, filterOf(request.query));
  });
}
