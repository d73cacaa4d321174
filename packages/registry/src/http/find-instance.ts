import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { serviceParametersSchema } from './path-parameters.ts';
import { revisionHeader } from './revision-header.ts';

/** How soon to ask again for a service that has no instance: an instance that is starting needs about that long. */
const retryAfterMs = 1_000;

/** `GET /service/{name}`: one instance that should get traffic, another one each time. Keeps nobody alive. */
export function findInstance(app: HttpApp, registry: Registry): void {
  app.get('/service/:name', { schema: { params: serviceParametersSchema } }, async (request, reply) => {
    const { name } = request.params;
    reply.header(revisionHeader, registry.revision);
    const instance = registry.pick(name);
    if (instance === undefined) {
      const detail = `No served instance is registered under the name ${name}`;
      throw new AppError('SERVICE_NOT_FOUND', { detail, retryAfterMs });
    }
    return instance;
  });
}
