import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { instanceParametersSchema } from './path-parameters.ts';
import { clientOf, tokenOf } from './registration-token.ts';

/**
 * `PUT /services/{name}/instances/{id}/lease`: a sign of life. 404 LEASE_NOT_FOUND asks the instance to register again,
 * 409 REGISTRATION_LOST not to: a newer registration is in its place.
 */
export function renewLease(app: HttpApp, registry: Registry): void {
  const schema = { params: instanceParametersSchema };
  // Every instance renews every few seconds.
  const config = { requestLogLevel: 'debug' } as const;
  app.put('/services/:name/instances/:id/lease', { schema, config }, async (request) =>
    registry.renew(request.params.name, request.params.id, tokenOf(request), clientOf(request)),
  );
}
