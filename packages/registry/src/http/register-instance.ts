import { registrationSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { tokenOf } from './registration-token.ts';

/**
 * `POST /register`: adds an instance, or renews and updates the one with this name, address and port. Whoever sends an
 * `x-registration-token` keeps the registration to itself.
 */
export function registerInstance(app: HttpApp, registry: Registry): void {
  app.post('/register', { schema: { body: registrationSchema } }, (request) =>
    registry.register(request.body, tokenOf(request)),
  );
}
