import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import { instanceParametersSchema } from './path-parameters.ts';
import { tokenOf } from './registration-token.ts';

interface DrainingBody {
  readonly draining: boolean;
}

const bodySchema: z.ZodType<DrainingBody> = z.strictObject({ draining: z.boolean() });

/**
 * `PUT /services/{name}/instances/{id}/draining`: whether it gets new work. One that drains stays listed, and finishes what
 * it has. With the instance's token its process says so; without, an operator.
 */
export function setDraining(app: HttpApp, registry: Registry, access: RequestAccess): void {
  const schema = { params: instanceParametersSchema, body: bodySchema };
  app.put('/services/:name/instances/:id/draining', { schema }, (request) => {
    const { name, id } = request.params;
    return registry.conditions.setDraining(
      name,
      id,
      request.body.draining,
      tokenOf(request),
      access.actorOf(request, 'api'),
    );
  });
}
