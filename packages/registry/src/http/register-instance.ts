import { registrationSchema } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import type { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import { refuseLinkLocal, refuseLinkLocalTargets } from './refuse-link-local.ts';
import { clientOf, tokenOf } from './registration-token.ts';

/** What registrations are accepted. */
export interface RegistrationRules {
  /**
   * Whether link-local addresses and those of clouds' metadata services may be registered. Default false: whoever may
   * register could otherwise make the gateway fetch a machine's credentials for them.
   */
  readonly allowLinkLocal?: boolean;
}

/**
 * `POST /register`: adds an instance, or renews and updates the one with this name, address and port. Whoever sends an
 * `x-registration-token` keeps the registration to itself.
 */
export function registerInstance(
  app: HttpApp,
  registry: Registry,
  access: RequestAccess,
  { allowLinkLocal = false }: RegistrationRules,
): void {
  app.post('/register', { schema: { body: registrationSchema } }, (request) => {
    refuseLinkLocal(request.body.address, allowLinkLocal, '/address');
    refuseLinkLocalTargets(request.body.checks ?? [], allowLinkLocal, '/checks');
    return registry.register(request.body, tokenOf(request), clientOf(request), access.actorOf(request, 'api'));
  });
}
