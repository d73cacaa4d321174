import type { Clock } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { AccessGate } from '../access/access-gate.ts';
import { consulRights } from '../admission/consul-rights.ts';
import { RequestAccess } from '../admission/request-access.ts';
import type { Registry } from '../registry.ts';
import { agentCheckWrites } from './agent/agent-check-writes.ts';
import { AgentChecks } from './agent/agent-checks.ts';
import { agentReads } from './agent/agent-reads.ts';
import { agentSelf } from './agent/agent-self.ts';
import { agentServiceWrites } from './agent/agent-service-writes.ts';
import { AliasChecks } from './agent/alias-checks.ts';
import { OwnNodeChecks } from './agent/own-node-checks.ts';
import { ConsulApi } from './base/consul-api.ts';
import { consulDialect } from './base/consul-dialect.ts';
import { SharedBodies } from './base/shared-bodies.ts';
import { catalogReads } from './catalog/catalog-reads.ts';
import { catalogWrites } from './catalog/catalog-writes.ts';
import { coordinateRoutes } from './cluster/coordinate-routes.ts';
import { eventRoutes } from './cluster/event-routes.ts';
import { refusedRoutes } from './cluster/refused-routes.ts';
import { statusRoutes } from './cluster/status-routes.ts';
import { healthRoutes } from './health/health-routes.ts';
import { kvReads } from './kv/kv-reads.ts';
import { kvWrites } from './kv/kv-writes.ts';
import { transaction } from './kv/transaction.ts';
import { sessionRoutes } from './session/session-routes.ts';
import { ConsulCatalog } from './shapes/consul-catalog.ts';
import { NodeShapes } from './shapes/node-shapes.ts';
import type { OwnNode } from './shapes/own-node.ts';

/** How Consul's API is served. */
export interface ConsulRoutesOptions {
  /** What the registry is called and where it is, for Consul's clients. */
  readonly node: OwnNode;
  readonly clock: Clock;
  /** Who may do what. Default: everybody may do everything. */
  readonly access?: RequestAccess;
  /** A number from 0 to 1. Default Math.random. */
  readonly random?: () => number;
  /** The most blocking queries at the same time. Default 20 000. */
  readonly maxBlockingQueries?: number;
  /** As for our own API. Default false. */
  readonly allowLinkLocal?: boolean;
  /** The status for a report on a check that is not there. Default 500: Spring's client then registers again. */
  readonly unknownCheckStatus?: 404 | 500;
  /** Told of what fails in the background. */
  readonly onBackgroundError: (error: unknown, doing: string) => void;
}

/** Puts Consul's HTTP API, below `/v1`, on an app beside ours. */
export function consulRoutes(app: HttpApp, registry: Registry, options: ConsulRoutesOptions): void {
  const { node, clock, allowLinkLocal = false, unknownCheckStatus = 500 } = options;
  const { topics, view, nodes } = registry;
  const catalog = new ConsulCatalog(view, new NodeShapes(node, nodes));
  const onError = (error: unknown): void => options.onBackgroundError(error, 'follow a check');
  const access = options.access ?? new RequestAccess(new AccessGate({ clock }));
  app.dialects.add({ prefix: '/v1', dialect: consulDialect }, (scope) => {
    access.guard(scope, { rightsOf: consulRights, tokenParameter: 'token' });
    const api = new ConsulApi(scope, {
      ...{ access, topics, clock, datacenter: node.datacenter, bodies: new SharedBodies() },
      ...{ random: options.random ?? Math.random, maxWaiting: options.maxBlockingQueries ?? 20_000 },
    });
    const ownNode = new OwnNodeChecks({ node: node.name, nodes, clock, onError });
    const aliases = new AliasChecks({ catalog, checks: registry.checks, topics, onError });
    scope.addHook('onClose', async () => {
      ownNode.close();
      aliases.close();
    });
    const checks = new AgentChecks(catalog, clock);
    agentSelf(api, node, clock);
    agentReads(api, catalog);
    agentServiceWrites(api, { registry, catalog, checks, aliases, allowLinkLocal });
    agentCheckWrites(api, { registry, catalog, checks, ownNode, unknownCheckStatus });
    catalogReads(api, catalog);
    catalogWrites(api, { registry, catalog, allowLinkLocal });
    healthRoutes(api, catalog);
    statusRoutes(api, node);
    coordinateRoutes(api, catalog, nodes);
    kvReads(api, registry);
    kvWrites(api, registry);
    transaction(api, registry);
    sessionRoutes(api, registry, catalog);
    eventRoutes(api);
    refusedRoutes(api);
  });
}
