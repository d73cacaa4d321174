import type { ServiceInstance } from '@flotilla/contracts';
import type { InstanceView, RegistryView } from '../../operations/registry-view.ts';
import type { QueryOptions } from '../base/query-options.ts';
import { type CheckShape, nodeChecks, serfHealth, serviceChecks } from './check-shape.ts';
import { keptId } from './instance-name.ts';
import { hasMeta, type NodeShape, type NodeShapes } from './node-shapes.ts';
import { fieldOf, textOf } from './service-extra.ts';
import { nodeOf, type ServiceShape, serviceIdOf, serviceShape } from './service-shape.ts';

/** An instance on its node. */
export interface Located {
  readonly view: InstanceView;
  readonly node: NodeShape;
}

/** The service that every server of Consul's has: this registry itself. */
const consulService = 'consul';

/** All instances, whoever registered them, as Consul's catalog has them: services on nodes. */
export class ConsulCatalog {
  readonly nodes: NodeShapes;
  readonly view: Pick<RegistryView, 'names' | 'has' | 'tags' | 'extras' | 'instances' | 'byId' | 'find'>;
  /** The names that were asked for last, of which list they were made, and that list with our own. */
  #withOwn: readonly [of: readonly string[], names: readonly string[]] = [[], [consulService]];

  constructor(view: ConsulCatalog['view'], nodes: NodeShapes) {
    this.view = view;
    this.nodes = nodes;
  }

  get ownNode(): string {
    return this.nodes.own.name;
  }

  /** The names of all services, sorted. */
  get names(): readonly string[] {
    const { names } = this.view;
    if (this.#withOwn[0] !== names)
      this.#withOwn = [names, names.includes(consulService) ? names : [...names, consulService].sort()];
    return this.#withOwn[1];
  }

  /** The instances of a service by id, sorted: the same order in all lists. */
  instances(name: string): readonly Located[] {
    return this.named(name).flatMap((one) => {
      const views = this.view.instances(one);
      const all = one === consulService ? [this.#itself(), ...views] : views;
      return all.map((view) => this.#locate(view));
    });
  }

  /** The services that a name means: Consul's names are the same in upper and lower case. */
  named(name: string): readonly string[] {
    if (this.view.has(name)) return [name];
    const folded = name.toLowerCase();
    const others = this.names.includes(name) ? [] : this.names.filter((one) => one.toLowerCase() === folded);
    return others.length > 0 ? others : [name];
  }

  /** The nodes that the instances of a service are on. */
  nodesOf(name: string): ReadonlySet<string> {
    const nodes = new Set<string>();
    for (const one of this.named(name)) {
      if (one === consulService) nodes.add(this.ownNode);
      for (const extra of this.view.extras(one)) nodes.add(nodeOf({ extra }) ?? this.ownNode);
    }
    return nodes;
  }

  /** Every instance, by name and id. */
  all(): readonly Located[] {
    return this.names.flatMap((name) => this.instances(name));
  }

  /** The instances on our own node, without this registry itself. */
  own(): readonly InstanceView[] {
    return this.view.names.flatMap((name) => this.view.instances(name)).filter((view) => nodeOf(view) === undefined);
  }

  /** The instance of our own node that Consul's clients call so. */
  ownById(id: string): InstanceView | undefined {
    return this.view.byId(keptId(id)).find((view) => nodeOf(view) === undefined);
  }

  /** The instances that take connections for a service in a mesh: those that do so themselves, and proxies. */
  connectable(name: string): readonly Located[] {
    return this.all().filter(({ view: { shown, extra } }) =>
      textOf(extra?.['Kind']) === 'connect-proxy'
        ? textOf(fieldOf(extra?.['Proxy'], 'DestinationServiceName')) === name
        : shown.name === name && fieldOf(extra?.['Connect'], 'Native') === true,
    );
  }

  /** The checks of a node itself. */
  checksOfNode(name: string): readonly CheckShape[] {
    const entry = this.nodes.entry(name);
    const recorded = entry === undefined ? [] : nodeChecks(entry);
    return name === this.ownNode ? [serfHealth(name), ...recorded] : recorded;
  }

  #locate(view: InstanceView): Located {
    const name = nodeOf(view) ?? this.ownNode;
    return { view, node: this.nodes.get(name) ?? missingNode(name, this.nodes.own.datacenter) };
  }

  #itself(): InstanceView {
    const { address, port } = this.nodes.own;
    const shown: ServiceInstance = {
      ...{ name: consulService, id: consulService, address, port, tags: [], metadata: {}, weight: 1, lease_ms: 0 },
      ...{
        status: 'passing',
        ready: true,
        serving: true,
        draining: false,
        revision: 1,
        last_seen: '',
        registered_at: '',
      },
    };
    return {
      shown,
      origin: 'consul',
      extra: { Address: '' },
      createdRevision: 1,
      checks: [],
      maintenanceReason: undefined,
    };
  }
}

/** A node that somebody has deregistered before what is on it. */
function missingNode(name: string, datacenter: string): NodeShape {
  const nothing = { ID: '', Address: '', TaggedAddresses: {}, Meta: {}, CreateIndex: 1, ModifyIndex: 1 };
  return { ...nothing, Node: name, Datacenter: datacenter };
}

/** Those that have all tags and whose nodes have all metadata that a query asks for. */
export function matching(located: readonly Located[], { tags, nodeMeta }: QueryOptions): readonly Located[] {
  if (tags.length === 0 && nodeMeta.length === 0) return located;
  const wanted = tags.map((tag) => tag.toLowerCase());
  return located.filter(({ view, node }) => {
    const its = view.shown.tags.map((tag) => tag.toLowerCase());
    return wanted.every((tag) => its.includes(tag)) && hasMeta(node.Meta, nodeMeta);
  });
}

/** An instance as `health/service` shows it. */
export function healthShape({ view, node }: Located, catalog: ConsulCatalog): HealthShape {
  return {
    Node: node,
    Service: { ...serviceShape(view), ...meshOf(view) },
    Checks: [...catalog.checksOfNode(node.Node), ...serviceChecks(view, node.Node)],
  };
}

export interface HealthShape {
  readonly Node: NodeShape;
  readonly Service: ServiceShape;
  readonly Checks: readonly CheckShape[];
}

/** An instance as `catalog/service` shows it. */
export function catalogShape({ view, node }: Located): Readonly<Record<string, unknown>> {
  const service = { ...serviceShape(view), ...meshOf(view) };
  return {
    ID: node.ID,
    Node: node.Node,
    Address: node.Address,
    Datacenter: node.Datacenter,
    TaggedAddresses: node.TaggedAddresses,
    NodeMeta: node.Meta,
    ServiceKind: service.Kind ?? '',
    ServiceID: serviceIdOf(view),
    ServiceName: service.Service,
    ServiceTags: service.Tags,
    ServiceAddress: service.Address,
    ServiceTaggedAddresses: service.TaggedAddresses,
    ServiceWeights: service.Weights,
    ServiceMeta: service.Meta,
    ServicePort: service.Port,
    ServicePorts: service.Ports,
    ServiceSocketPath: service.SocketPath,
    ServiceEnableTagOverride: service.EnableTagOverride,
    ServiceProxy: service.Proxy,
    ServiceConnect: service.Connect,
    ServiceLocality: service.Locality,
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  };
}

/** What Consul's catalog shows of every service, also of those that have nothing to do with a mesh. */
export function meshOf({ extra }: InstanceView): Pick<ServiceShape, 'Proxy' | 'Connect'> {
  return { Proxy: extra?.['Proxy'] ?? { MeshGateway: {}, Expose: {} }, Connect: extra?.['Connect'] ?? {} };
}
