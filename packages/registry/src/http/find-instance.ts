import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { whyNotServed } from './notice.ts';
import { serviceParametersSchema } from './path-parameters.ts';
import { revisionHeader } from './revision-header.ts';

/** `GET /service/{name}`: one instance that should get traffic, another one each time. Keeps nobody alive. */
export function findInstance(app: HttpApp, registry: Registry): void {
  app.get('/service/:name', { schema: { params: serviceParametersSchema } }, async (request, reply) => {
    const { name } = request.params;
    reply.header(revisionHeader, registry.revision);
    const instance = registry.pick(name);
    if (instance === undefined)
      throw new AppError('SERVICE_NOT_FOUND', { parameters: { name }, detail: whyNotServed(registry, name) });
    return instance;
  });
}
