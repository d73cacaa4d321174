import { headerNames } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { AccessGate } from '../access/access-gate.ts';
import { ownRights } from '../admission/own-rights.ts';
import { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import { changeCheck } from './change-check.ts';
import { deregisterInstance } from './deregister-instance.ts';
import { explain } from './explain-service.ts';
import { findInstance } from './find-instance.ts';
import { keyRoutes } from './kv/key-routes.ts';
import { listChecks } from './list-checks.ts';
import { listInstances } from './list-instances.ts';
import { prometheusTargets } from './prometheus-targets.ts';
import { readInstance } from './read-instance.ts';
import { type RegistrationRules, registerInstance } from './register-instance.ts';
import { renewLease } from './renew-lease.ts';
import { Sending, type SendingOptions } from './sending.ts';
import { setDraining } from './set-draining.ts';
import { setStatus } from './set-status.ts';
import { showGuard } from './show-guard.ts';
import { showIndex } from './show-index.ts';
import { showTrail } from './show-trail.ts';
import { type WatchRouteOptions, watchChanges } from './watch-changes.ts';

/** How the registry's HTTP API works. */
export type RegistryRoutesOptions = SendingOptions &
  WatchRouteOptions &
  RegistrationRules & {
    /** Who may do what. Default: everybody may do everything. */
    readonly access?: RequestAccess;
  };

/** Puts the registry's own HTTP API on an app. Watches are ended when the app closes, so it closes at once. */
export function registryRoutes(app: HttpApp, registry: Registry, options: RegistryRoutesOptions): void {
  const { access = new RequestAccess(new AccessGate(options)) } = options;
  access.guard(app, { rightsOf: ownRights });
  const sending = new Sending(options);
  showIndex(app, registry);
  registerInstance(app, registry, access, options);
  findInstance(app, registry);
  listInstances(app, registry, sending);
  readInstance(app, registry);
  prometheusTargets(app, registry);
  deregisterInstance(app, registry, access);
  renewLease(app, registry);
  setStatus(app, registry, access);
  setDraining(app, registry, access);
  listChecks(app, registry);
  changeCheck(app, registry, access, options);
  watchChanges(app, registry, sending, options);
  keyRoutes(app, registry, sending, { ...options, access });
  explain(app, registry);
  showTrail(app, registry);
  showGuard(app, registry);
  // On every answer: a client that keeps something of it has to know which history it is from.
  app.addHook('onRequest', async (_request, reply) => {
    reply.header(headerNames.registryHistory, registry.history);
  });
  app.addHook('preClose', async () => registry.endWatches());
}
