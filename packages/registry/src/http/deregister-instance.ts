import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { instanceParametersSchema } from './path-parameters.ts';

/** `DELETE /services/{name}/instances/{id}`: removes an instance. */
export function deregisterInstance(app: HttpApp, registry: Registry): void {
  const schema = { params: instanceParametersSchema };
  app.delete('/services/:name/instances/:id', { schema }, async (request, reply) => {
    await registry.deregister(request.params.name, request.params.id);
    return reply.code(204).send();
  });
}
