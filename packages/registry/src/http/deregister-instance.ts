import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
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
export function deregisterInstance(app: HttpApp, registry: Registry): void {
  const schema = { params: instanceParametersSchema, querystring: querySchema };
  app.delete('/services/:name/instances/:id', { schema }, async (request, reply) => {
    const { name, id } = request.params;
    await registry.deregister(name, id, { token: tokenOf(request), force: request.query.force === 'true' });
    return reply.code(204).send();
  });
}
