import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { kindNumbers } from '../store/span-kinds.ts';
import type { Topology, TopologyEdge, TopologyNode, TrafficView } from '../wire/index.ts';
import { isFields, parsedFields } from './parsed-fields.ts';
import type { Resources } from './resources.ts';
import { Traffic } from './traffic.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Spans that one question reads, the newest: more would not change the picture, only take longer. */
const maxSpans = 10_000;
/** A caller's span arrives after that of the program it called. */
const lateUs = 5_000_000;
/** Whoever calls from outside. */
const clients = 'clients';

/** Which programs are gateways; a span does not say so. */
export interface TopologyOptions {
  /** Default: `gateway`. */
  readonly gateways?: ReadonlySet<string> | undefined;
  /** Programs that others report to without a trace: nobody from outside calls them. Default: `service-registry`. */
  readonly registries?: ReadonlySet<string> | undefined;
}

/** Reads who calls whom, from the spans of calls. */
export class TopologyQuery {
  readonly #resources: Resources;
  readonly #oldest: StatementSync;
  readonly #served: StatementSync;
  readonly #called: StatementSync;
  readonly #calls: StatementSync;
  readonly #links: StatementSync;
  readonly #linked: StatementSync;

  constructor(database: DatabaseSync, resources: Resources) {
    this.#resources = resources;
    this.#oldest = database.prepare(
      `SELECT at_us FROM spans WHERE kind > 1 AND at_us >= ? ORDER BY at_us DESC LIMIT 1 OFFSET ${maxSpans}`,
    );
    this.#served = database.prepare(`
      SELECT resource, at_us, duration_us, failed, weight FROM spans
      WHERE kind IN (2, 5) AND kind > 1 AND at_us >= ? AND at_us < ? ORDER BY at_us DESC LIMIT ${maxSpans}`);
    this.#called = database.prepare(`
      SELECT called.id, called.kind, called.resource, called.at_us, called.duration_us, called.failed, called.weight,
        called.parent_id, called.protocol, caller.id AS caller_id, caller.resource AS caller, caller.kind AS caller_kind,
        caller.duration_us AS call_us, caller.failed AS call_failed, caller.address
      FROM spans AS called LEFT JOIN spans AS caller
        ON caller.trace_id = called.trace_id AND caller.span_id = called.parent_id AND caller.id <> called.id
      WHERE called.kind IN (2, 5) AND called.kind > 1 AND called.at_us >= ? AND called.at_us < ?`);
    this.#calls = database.prepare(`
      SELECT id, resource, duration_us, failed, weight, protocol, peer, address FROM spans
      WHERE kind = 3 AND kind > 1 AND at_us >= ? AND at_us < ?`);
    this.#links = database.prepare('SELECT data FROM span_data WHERE id = ?');
    this.#linked = database.prepare('SELECT resource FROM spans WHERE trace_id = ? AND span_id = ? LIMIT 1');
  }

  /** Times are milliseconds since the epoch. */
  read(fromMs: number, toMs: number, options: TopologyOptions = {}): Topology {
    const { gateways = new Set(['gateway']), registries = new Set(['service-registry']) } = options;
    const toUs = toMs * 1_000;
    const oldest = this.#oldest.get(fromMs * 1_000)?.['at_us'];
    const fromUs = typeof oldest === 'number' ? oldest + 1 : fromMs * 1_000;
    const map = new CallMap();
    for (const row of this.#called.iterate(fromUs, toUs)) this.#addCalled(map, row, toUs, { gateways, registries });
    for (const row of this.#calls.iterate(fromUs, toUs)) this.#addCall(map, row);
    return { fromMs: fromUs / 1_000, toMs, ...map.view((toUs - fromUs) / 1e6, gateways) };
  }

  /** What each service was asked, and how it answered. */
  traffic(fromMs: number, toMs: number): ReadonlyMap<string, TrafficView> {
    const services = new Map<string, Traffic>();
    const rows = this.#served.all(fromMs * 1_000, toMs * 1_000);
    for (const row of rows) {
      const { service } = this.#resources.get(row['resource']);
      const traffic = services.get(service) ?? new Traffic();
      services.set(service, traffic);
      traffic.add(Number(row['duration_us']), row['failed'] === 1, Number(row['weight']));
    }
    const oldest = rows.length < maxSpans ? undefined : rows.at(-1)?.['at_us'];
    const seconds = (toMs - (typeof oldest === 'number' ? oldest / 1_000 : fromMs)) / 1_000;
    return new Map([...services].map(([service, traffic]) => [service, traffic.view(seconds)]));
  }

  #addCalled(map: CallMap, row: Row, toUs: number, { gateways, registries }: Known): void {
    const { service } = this.#resources.get(row['resource']);
    const [isConsumer, weight] = [row['kind'] === kindNumbers.consumer, Number(row['weight'])];
    const protocol = isConsumer ? 'events' : protocolOf(row['protocol']);
    const own = [Number(row['duration_us']), row['failed'] === 1, weight] as const;
    map.node(service, 'service').add(...own);
    if (typeof row['caller_id'] === 'number') {
      map.answered.add(row['caller_id']);
      const caller = this.#resources.get(row['caller']).service;
      if (typeof row['address'] === 'string') map.addresses.set(row['address'], service);
      const isCall = row['caller_kind'] === kindNumbers.client;
      // The caller's view counts: it waited for what it did not get, too.
      const seen = isCall ? ([Number(row['call_us']), row['call_failed'] === 1, weight] as const) : own;
      if (caller !== service || isCall) map.edge(caller, service, protocol).add(...seen);
      return;
    }
    if (isConsumer) {
      for (const producer of this.#producersOf(Number(row['id'])))
        if (producer !== service) map.edge(producer, service, 'events').add(...own);
      return;
    }
    const mayCome = row['parent_id'] !== null && !gateways.has(service) && Number(row['at_us']) > toUs - lateUs;
    if (mayCome || registries.has(service)) return;
    map.node(clients, 'clients');
    map.edge(clients, service, protocol).add(...own);
  }

  #addCall(map: CallMap, row: Row): void {
    if (map.answered.has(Number(row['id']))) return;
    const { service } = this.#resources.get(row['resource']);
    const protocol = protocolOf(row['protocol']);
    const [peer, address] = [textOf(row['peer']), textOf(row['address'])];
    const seen = [Number(row['duration_us']), row['failed'] === 1, Number(row['weight'])] as const;
    if (protocol === 'sql' || protocol === 'redis') {
      // A file is of one program, whatever others call theirs.
      const id = peer === undefined || peer === 'sqlite' ? `${peer ?? 'database'} of ${service}` : peer;
      map.node(id, protocol === 'sql' ? 'database' : 'cache').add(...seen);
      map.edge(service, id, protocol).add(...seen);
      return;
    }
    const known = peer ?? (address === undefined ? undefined : map.addresses.get(address));
    const to = known ?? address ?? 'unknown';
    if (to === service) return;
    map.node(to, known === undefined ? 'external' : 'service');
    map.edge(service, to, protocol).add(...seen);
  }

  #producersOf(id: number): ReadonlySet<string> {
    const { links } = parsedFields(this.#links.get(id)?.['data']);
    const services = new Set<string>();
    for (const link of Array.isArray(links) ? links.filter(isFields) : []) {
      const row = this.#linked.get(
        Buffer.from(String(link['traceId']), 'hex'),
        Buffer.from(String(link['spanId']), 'hex'),
      );
      if (row !== undefined) services.add(this.#resources.get(row['resource']).service);
    }
    return services;
  }
}

interface Known {
  readonly gateways: ReadonlySet<string>;
  readonly registries: ReadonlySet<string>;
}

type Protocol = TopologyEdge['protocol'];

/** What was found so far. */
class CallMap {
  /** The spans of callers whose call arrived. */
  readonly answered = new Set<number>();
  /** Which service was reached at an address. */
  readonly addresses = new Map<string, string>();
  readonly #nodes = new Map<string, { kind: TopologyNode['kind']; readonly traffic: Traffic }>();
  readonly #edges = new Map<
    string,
    { readonly from: string; readonly to: string; readonly protocol: Protocol; readonly traffic: Traffic }
  >();

  node(id: string, kind: TopologyNode['kind']): Traffic {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      node = { kind, traffic: new Traffic() };
      this.#nodes.set(id, node);
    }
    return node.traffic;
  }

  edge(from: string, to: string, protocol: Protocol): Traffic {
    if (!this.#nodes.has(from)) this.node(from, 'service');
    const key = JSON.stringify([from, to, protocol]);
    const edge = this.#edges.get(key) ?? { from, to, protocol, traffic: new Traffic() };
    this.#edges.set(key, edge);
    return edge.traffic;
  }

  view(seconds: number, gateways: ReadonlySet<string>): Pick<Topology, 'nodes' | 'edges'> {
    return {
      nodes: [...this.#nodes].map(
        ([id, { kind, traffic }]): TopologyNode => ({
          id,
          kind: gateways.has(id) ? 'gateway' : kind,
          label: id,
          ...(traffic.isEmpty ? {} : { traffic: traffic.view(seconds) }),
        }),
      ),
      edges: [...this.#edges.values()].map(({ traffic, ...edge }) => ({ ...edge, traffic: traffic.view(seconds) })),
    };
  }
}

function protocolOf(value: unknown): Protocol {
  switch (value) {
    case 'http':
    case 'grpc':
    case 'sql':
    case 'redis':
    case 'events':
      return value;
    default:
      return 'other';
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
