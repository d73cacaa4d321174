import type { Exemplar } from '../telemetry/index.ts';
import { ByteWriter, nanosText } from './byte-writer.ts';
import type { OtelHistogram, OtelMetric, OtelPoint } from './otel-metrics.ts';
import { attributesJson, writeAttributes } from './write-attributes.ts';
import { type Reporter, writeResource, writeScope } from './write-spans.ts';

/** `AggregationTemporality`. */
const temporalities = { delta: 1, cumulative: 2 } as const;
/** The fields of `Metric` for each kind of data. */
const dataTags = { gauge: 0x2a, sum: 0x3a, 'up-down': 0x3a, histogram: 0x4a } as const;

/** An `ExportMetricsServiceRequest` in protobuf's encoding. */
export function writeMetrics(reporter: Reporter, metrics: readonly OtelMetric[]): Buffer {
  const writer = new ByteWriter();
  writer.byte(0x0a); // resource_metrics
  writer.nested(() => {
    writeResource(writer, reporter);
    writer.byte(0x12); // scope_metrics
    writer.nested(() => {
      writeScope(writer, reporter);
      for (const metric of metrics) {
        writer.byte(0x12); // metrics
        writer.nested(() => writeMetric(writer, metric));
      }
    });
  });
  return writer.take();
}

function writeMetric(writer: ByteWriter, { name, description, unit, kind, temporality, points }: OtelMetric): void {
  writer.byte(0x0a);
  writer.text(name);
  writer.byte(0x12);
  writer.text(description);
  writer.byte(0x1a);
  writer.text(unit);
  writer.byte(dataTags[kind]);
  writer.nested(() => {
    for (const point of points) {
      writer.byte(0x0a); // data_points
      writer.nested(() => writePoint(writer, point));
    }
    if (kind === 'gauge') return;
    writer.byte(0x10); // aggregation_temporality
    writer.byte(temporalities[temporality]);
    if (kind !== 'sum') return;
    writer.byte(0x18); // is_monotonic
    writer.byte(1);
  });
}

function writePoint(writer: ByteWriter, { attributes, startMs, atMs, value }: OtelPoint): void {
  writer.byte(0x11);
  writer.fixed64Nanos(startMs);
  writer.byte(0x19);
  writer.fixed64Nanos(atMs);
  if (typeof value === 'number') {
    writer.byte(0x21); // as_double
    writer.double(value);
    writeAttributes(writer, 0x3a, attributes);
  } else {
    writeHistogram(writer, value);
    writeAttributes(writer, 0x4a, attributes);
  }
}

function writeHistogram(writer: ByteWriter, { bounds, counts, sum, exemplars }: OtelHistogram): void {
  writer.byte(0x21); // count
  writer.fixed64(countOf(counts));
  writer.byte(0x29);
  writer.double(sum);
  writer.byte(0x32); // bucket_counts, packed
  writer.nested(() => {
    for (const count of counts) writer.fixed64(count);
  });
  writer.byte(0x3a); // explicit_bounds, packed
  writer.nested(() => {
    for (const bound of bounds) writer.double(bound);
  });
  for (const { atMs, value, spanId, traceId } of exemplars) {
    writer.byte(0x42);
    writer.nested(() => {
      writer.byte(0x11);
      writer.fixed64Nanos(atMs);
      writer.byte(0x19);
      writer.double(value);
      writer.byte(0x22);
      writer.hex(spanId);
      writer.byte(0x2a);
      writer.hex(traceId);
    });
  }
}

/** The same in the JSON of OTLP. */
export function metricsJson({ resource, scope }: Reporter, metrics: readonly OtelMetric[]): Buffer {
  const message = {
    resourceMetrics: [
      {
        resource: { attributes: attributesJson(resource) },
        scopeMetrics: [{ scope, metrics: metrics.map(metricJson) }],
      },
    ],
  };
  return Buffer.from(JSON.stringify(message));
}

function metricJson({ name, description, unit, kind, temporality, points }: OtelMetric): unknown {
  const described = { name, description, unit };
  const aggregationTemporality = temporalities[temporality];
  const dataPoints = points.map(pointJson);
  switch (kind) {
    case 'gauge':
      return { ...described, gauge: { dataPoints } };
    case 'sum':
    case 'up-down':
      return { ...described, sum: { dataPoints, aggregationTemporality, isMonotonic: kind === 'sum' } };
    case 'histogram':
      return { ...described, histogram: { dataPoints, aggregationTemporality } };
    default:
      return kind satisfies never;
  }
}

function pointJson({ attributes, startMs, atMs, value }: OtelPoint): unknown {
  const common = {
    attributes: attributesJson(attributes),
    startTimeUnixNano: nanosText(startMs),
    timeUnixNano: nanosText(atMs),
  };
  if (typeof value === 'number') return { ...common, asDouble: doubleJson(value) };
  return {
    ...common,
    count: String(countOf(value.counts)),
    sum: doubleJson(value.sum),
    bucketCounts: value.counts.map(String),
    explicitBounds: value.bounds,
    exemplars: value.exemplars.map(exemplarJson),
  };
}

function exemplarJson({ atMs, value, spanId, traceId }: Exemplar): unknown {
  return { timeUnixNano: nanosText(atMs), asDouble: doubleJson(value), spanId, traceId };
}

/** As protobuf's JSON has it: what is no number in JSON is a text. */
function doubleJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function countOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
