import { type InstanceStatus, instanceStatuses } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import { instanceParametersSchema } from './path-parameters.ts';
import { tokenOf } from './registration-token.ts';

interface StatusBody {
  readonly status: InstanceStatus;
}

const statusBodySchema: z.ZodType<StatusBody> = z.strictObject({ status: z.enum(instanceStatuses) });

/**
 * `PUT /services/{name}/instances/{id}/status`: with the instance's token its own word on how well it is. Without, an
 * operator's: `maintenance` takes it out of traffic until `passing` gives it back, also over its restart.
 */
export function setStatus(app: HttpApp, registry: Registry, access: RequestAccess): void {
  const schema = { params: instanceParametersSchema, body: statusBodySchema };
  app.put('/services/:name/instances/:id/status', { schema }, (request) => {
    const { name, id } = request.params;
    return registry.setStatus(name, id, request.body.status, tokenOf(request), access.actorOf(request, 'api'));
  });
}
