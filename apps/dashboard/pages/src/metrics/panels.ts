import type { MetricCatalog, MetricInfo, MetricShow } from '@flotilla/dashboard/wire';

/** A chart that the page has ready. */
export interface Panel {
  /** Also the name of its title among the texts. */
  readonly id: PanelId;
  readonly metric: string;
  readonly kind: MetricInfo['kind'];
  readonly show: MetricShow;
  readonly groupBy: readonly string[];
}

export type PanelId =
  | 'rate'
  | 'errors'
  | 'p50'
  | 'p95'
  | 'eventLoop'
  | 'cpu'
  | 'memory'
  | 'inFlight'
  | 'pool'
  | 'poolWaiting'
  | 'upstreams'
  | 'upstreamConnections'
  | 'waiting'
  | 'retries'
  | 'refused'
  | 'calls'
  | 'database';

interface PanelPlan {
  readonly id: PanelId;
  /** The first of these that something is kept of. Names as OpenTelemetry has them, or ours; see `sameMetric`. */
  readonly metrics: readonly string[];
  readonly show: MetricShow;
  readonly groupBy: readonly string[];
}

/** Rate, errors and duration of what services answer: the first thing to look at. */
const answers = ['http.server.request.duration'];

const red: readonly PanelPlan[] = [
  { id: 'rate', metrics: answers, show: 'rate', groupBy: [] },
  { id: 'errors', metrics: answers, show: 'errors', groupBy: [] },
  { id: 'p50', metrics: answers, show: 'p50', groupBy: [] },
  { id: 'p95', metrics: answers, show: 'p95', groupBy: [] },
];

/** What tells why: the programs' own resources, and those that they share. */
const resources: readonly PanelPlan[] = [
  {
    id: 'eventLoop',
    metrics: ['nodejs.eventloop.delay.p99', 'nodejs.eventloop.lag', 'nodejs.eventloop.delay.mean'],
    show: 'value',
    groupBy: ['service', 'instance'],
  },
  {
    id: 'cpu',
    metrics: ['process.cpu.time', 'process.cpu', 'process.cpu.utilization'],
    show: 'rate',
    groupBy: ['service', 'instance'],
  },
  {
    id: 'memory',
    metrics: ['process.memory.usage', 'process.resident.memory', 'nodejs.heap.used'],
    show: 'value',
    groupBy: ['service', 'instance'],
  },
  { id: 'inFlight', metrics: ['http.server.active_requests'], show: 'value', groupBy: ['service'] },
  {
    id: 'pool',
    metrics: ['db.client.connection.count', 'database.pool.connections'],
    show: 'value',
    groupBy: ['service', 'db.client.connection.state'],
  },
  {
    id: 'poolWaiting',
    metrics: ['db.client.connection.pending_requests', 'database.pool.waiting'],
    show: 'value',
    groupBy: ['service'],
  },
  { id: 'database', metrics: ['db.client.operation.duration'], show: 'p95', groupBy: ['service', 'db.query.summary'] },
  { id: 'calls', metrics: ['http.client.request.duration'], show: 'p95', groupBy: ['service', 'server.address'] },
  { id: 'upstreams', metrics: ['gateway.upstreams'], show: 'value', groupBy: ['service_name', 'state'] },
  { id: 'upstreamConnections', metrics: ['gateway.upstream.connections'], show: 'value', groupBy: ['state'] },
  { id: 'waiting', metrics: ['gateway.waiting_requests'], show: 'value', groupBy: ['service_name'] },
  { id: 'retries', metrics: ['gateway.retries'], show: 'rate', groupBy: ['reason'] },
  { id: 'refused', metrics: ['gateway.rejections'], show: 'rate', groupBy: ['reason'] },
];

/** A group of charts, with those of which something is kept. */
export interface PanelGroup {
  readonly id: 'red' | 'resources';
  readonly panels: readonly Panel[];
}

/**
 * The charts for what is kept. Of one service, rates and durations are drawn per route; of all, per service.
 */
export function panelsFor(catalog: MetricCatalog, service: string): readonly PanelGroup[] {
  const byRoute = service === '' ? ['service'] : ['http.route'];
  return [
    { id: 'red', panels: planned(red, catalog, service, byRoute) },
    { id: 'resources', panels: planned(resources, catalog, service) },
  ];
}

function planned(
  plans: readonly PanelPlan[],
  catalog: MetricCatalog,
  service: string,
  groupBy?: readonly string[],
): readonly Panel[] {
  return plans.flatMap((plan): readonly Panel[] => {
    const info = plan.metrics.map((name) => findMetric(catalog, name)).find((found) => found !== undefined);
    if (info === undefined || (service !== '' && !info.services.includes(service))) return [];
    // What a metric does not have cannot tell its lines apart.
    const known = (groupBy ?? plan.groupBy).filter(
      (name) => name === 'service' || name === 'instance' || info.attributes.includes(name),
    );
    return [
      {
        id: plan.id,
        metric: info.name,
        kind: info.kind,
        show: plan.show,
        groupBy: known.length > 0 ? known : ['service'],
      },
    ];
  });
}

function findMetric(catalog: MetricCatalog, name: string): MetricInfo | undefined {
  return catalog.metrics.find((info) => sameMetric(info.name, name));
}

/** Whether two names mean one metric: `http.server.request.duration` is `http_server_request_duration_seconds` in Prometheus. */
function sameMetric(a: string, b: string): boolean {
  return plainName(a) === plainName(b);
}

function plainName(name: string): string {
  return name
    .replaceAll(/[._]+/g, '.')
    .replace(/\.total$/, '')
    .replace(/\.(?:seconds|bytes|ratio)$/, '');
}

/** What a metric can be shown as; the first is what it is shown as by itself. */
export function showsOf(info: MetricInfo): readonly MetricShow[] {
  switch (info.kind) {
    case 'gauge':
      return ['value'];
    case 'sum':
      // What goes up and down as well is a sum too for OpenTelemetry: nobody wants the rate of memory.
      if (info.unit === 'By' || /(?:usage|count|active_requests)$/.test(info.name)) return ['value', 'rate'];
      return info.attributes.includes('error.type') ? ['rate', 'errors', 'value'] : ['rate', 'value'];
    case 'histogram':
      return info.attributes.includes('error.type')
        ? ['p95', 'p50', 'p99', 'mean', 'rate', 'errors']
        : ['p95', 'p50', 'p99', 'mean', 'rate'];
    default:
      return info.kind satisfies never;
  }
}

/** What to ask the engine for one chart. */
export function metricQuery(
  chart: { readonly metric: string; readonly show: MetricShow; readonly groupBy: readonly string[] },
  service: string,
  limits: { readonly fromMs: number; readonly toMs: number },
  points: number,
): URLSearchParams {
  const query = new URLSearchParams({ name: chart.metric, show: chart.show });
  for (const name of chart.groupBy) query.append('group_by', name);
  if (service !== '') query.set('filter.service', service);
  query.set('from_ms', String(Math.floor(limits.fromMs)));
  query.set('to_ms', String(Math.ceil(limits.toMs)));
  query.set('points', String(points));
  return query;
}
