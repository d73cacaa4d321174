/** The name and unit of a metric as OpenTelemetry has it. */
export interface MetricName {
  readonly name: string;
  /** As UCUM writes it; empty: a number of things. */
  readonly unit: string;
}

/**
 * Names of OpenTelemetry's conventions, which Prometheus' form writes with underscores alone: of attributes and metrics. Whatever is not
 * here keeps the name that it has.
 */
const conventions: ReadonlyMap<string, string> = new Map(
  `http.request.method http.response.status_code http.route url.scheme network.protocol.version network.transport error.type server.address server.port
  rpc.system.name rpc.method rpc.response.status_code db.system.name db.namespace db.operation.name db.collection.name
  db.query.summary db.response.status_code db.client.connection.pool.name db.client.connection.state
  messaging.system messaging.operation.name messaging.operation.type messaging.destination.name messaging.consumer.group.name
  http.server.request.duration http.server.active_requests http.client.request.duration rpc.server.call.duration
  rpc.client.call.duration db.client.operation.duration db.client.connection.count db.client.connection.max
  db.client.connection.pending_requests db.client.connection.timeouts db.client.connection.wait_time db.client.connection.use_time
  messaging.client.operation.duration messaging.process.duration messaging.client.sent.messages
  messaging.client.consumed.messages nodejs.eventloop.utilization`
    .split(/\s+/)
    .map((name) => [name.replaceAll('.', '_'), name]),
);

/** Metrics of ours whose names in Prometheus are older than the conventions. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['process_cpu', 'process.cpu.time'],
  ['process_resident_memory', 'process.memory.usage'],
  ['process_open_fds', 'process.unix.file_descriptor.count'],
  ['nodejs_eventloop_lag', 'nodejs.eventloop.delay'],
]);

/** Metrics that say who the process is: the resource does. */
const identities: ReadonlySet<string> = new Set(['target_info', 'nodejs_version_info']);

/** Gauges that count what comes and goes: their values add up over instances. */
const upDown: ReadonlySet<string> = new Set([
  'http.server.active_requests',
  'process.memory.usage',
  'process.unix.file_descriptor.count',
  'db.client.connection.count',
  'db.client.connection.pending_requests',
]);

/** Attributes whose values are whole numbers. */
const numbers: ReadonlySet<string> = new Set(['http.response.status_code', 'server.port']);

const units: readonly (readonly [suffix: string, unit: string])[] = [
  ['_seconds', 's'],
  ['_bytes', 'By'],
  ['_ratio', '1'],
];

/** What a metric is called; undefined: it is not one for OpenTelemetry. */
export function metricNameOf(name: string, kind: 'counter' | 'gauge' | 'histogram'): MetricName | undefined {
  if (identities.has(name)) return undefined;
  const bare = kind === 'counter' ? withoutEnd(name, '_total') : name;
  const [suffix = '', unit = ''] = units.find(([end]) => bare.endsWith(end)) ?? [];
  const base = withoutEnd(bare, suffix);
  return { name: renamed.get(base) ?? conventions.get(base) ?? base, unit };
}

/** Whether a gauge adds up over instances. */
export function isUpDownCounter(name: string): boolean {
  return upDown.has(name);
}

/** A label as an attribute; undefined if it has no value, which in Prometheus means that it is not there. */
export function attributeOf(label: string, value: string): readonly [name: string, value: string | number] | undefined {
  if (value === '') return undefined;
  const name = conventions.get(label) ?? label;
  return [name, numbers.has(name) && /^\d{1,9}$/.test(value) ? Number(value) : value];
}

function withoutEnd(text: string, end: string): string {
  return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
}
