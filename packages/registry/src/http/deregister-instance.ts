import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import { instanceParametersSchema } from './path-parameters.ts';
import { tokenOf } from './registration-token.ts';

interface DeregisterQuery {
  readonly force?: 'true' | 'false' | undefined;
}

const querySchema: z.ZodType<DeregisterQuery> = z.strictObject({ force: z.enum(['true', 'false']).optional() });

/**
 * `DELETE /services/{name}/instances/{id}`: removes an instance whose token is shown, or that has none. With `force=true`
 * any: for operators; it is logged, and a process that still runs registers again.
 */
export function deregisterInstance(app: HttpApp, registry: Registry, access: RequestAccess): void {
  const schema = { params: instanceParametersSchema, querystring: querySchema };
  app.delete('/services/:name/instances/:id', { schema }, async (request, reply) => {
    const { name, id } = request.params;
    const force = request.query.force === 'true';
    await registry.deregister(name, id, { token: tokenOf(request), force, actor: access.actorOf(request, 'api') });
    return reply.code(204).send();
  });
}
