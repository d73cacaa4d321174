import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { instanceParametersSchema } from './path-parameters.ts';
import { revisionHeader } from './revision-header.ts';

/** `GET /services/{name}/instances/{id}`: one instance, whatever its status. */
export function readInstance(app: HttpApp, registry: Registry): void {
  const schema = { params: instanceParametersSchema };
  app.get('/services/:name/instances/:id', { schema }, async (request, reply) => {
    const { name, id } = request.params;
    reply.header(revisionHeader, registry.revision);
    const instance = registry.get(name, id);
    if (instance === undefined) throw new AppError('INSTANCE_NOT_FOUND', { parameters: { name, id } });
    return instance;
  });
}
