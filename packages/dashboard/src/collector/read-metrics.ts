import {
  AggregationTemporality,
  type ExponentialHistogramDataPoint,
  type ExportMetricsServiceRequest,
  type HistogramDataPoint,
  type KeyValue,
  type Metric,
  type NumberDataPoint,
} from '@flotilla/kit/otlp';
import type { HistogramRecord, MetricRecord, PointRecord } from '../store/index.ts';
import { explicitBuckets } from './explicit-buckets.ts';
import { readResource } from './read-resource.ts';
import { readAttributes, readMicros } from './read-values.ts';
import { type Reading, Rejections } from './reading.ts';

/** The bit of a point's flags that says that it has no value. */
const noValue = 1;
const maxLabelChars = 256;
const maxLabels = 32;
const maxBuckets = 400;

type Sample = Pick<PointRecord, 'startUs' | 'atUs' | 'value' | 'attributes'>;

/** The measurements of a message. */
export function readMetrics(message: ExportMetricsServiceRequest): Reading {
  const rejections = new Rejections();
  const batches = message.resourceMetrics.map(({ resource, scopeMetrics }) => ({
    resource: readResource(resource),
    points: scopeMetrics.flatMap(({ metrics }) => metrics.flatMap((metric) => readMetric(metric, rejections))),
  }));
  return rejections.reading(batches);
}

function readMetric(metric: Metric, rejections: Rejections): readonly PointRecord[] {
  const { data } = metric;
  if (metric.name === '') {
    rejections.add('A metric has no name');
    return [];
  }
  const as = (kind: MetricRecord['kind'], monotonic: boolean): MetricRecord => ({
    name: metric.name.slice(0, 256),
    kind,
    unit: metric.unit.slice(0, 64),
    help: metric.description.slice(0, 1_024),
    monotonic,
  });
  switch (data.case) {
    case undefined:
      return [];
    case 'gauge':
      return points(as('gauge', false), 'cumulative', data.value.dataPoints, readNumber, rejections);
    case 'sum': {
      const { aggregationTemporality, isMonotonic, dataPoints } = data.value;
      return points(as('sum', isMonotonic), temporality(aggregationTemporality), dataPoints, readNumber, rejections);
    }
    case 'histogram': {
      const { aggregationTemporality, dataPoints } = data.value;
      return points(as('histogram', true), temporality(aggregationTemporality), dataPoints, readHistogram, rejections);
    }
    case 'exponentialHistogram': {
      const { aggregationTemporality, dataPoints } = data.value;
      return points(
        as('histogram', true),
        temporality(aggregationTemporality),
        dataPoints,
        readExponential,
        rejections,
      );
    }
    case 'summary':
      // Quantiles that somebody else has computed cannot be added up; count and sum can.
      return points(
        as('histogram', true),
        'cumulative',
        data.value.dataPoints,
        ({ count, sum }) => ({ count: Number(count), sum, bounds: [], counts: [] }),
        rejections,
      );
    default:
      return data satisfies never;
  }
}

interface SentPoint {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly flags: number;
}

function points<Sent extends SentPoint>(
  metric: MetricRecord,
  how: PointRecord['temporality'],
  sent: readonly Sent[],
  read: (point: Sent) => PointRecord['value'] | string,
  rejections: Rejections,
): readonly PointRecord[] {
  return sent.flatMap((point) => {
    if ((point.flags & noValue) !== 0) return [];
    const value = read(point);
    if (typeof value === 'string') return rejections.add(`${metric.name}: ${value}`) ?? [];
    const sample: Sample = {
      startUs: readMicros(point.startTimeUnixNano),
      atUs: readMicros(point.timeUnixNano),
      attributes: readLabels(point.attributes),
      value,
    };
    return [{ metric, temporality: how, ...sample }];
  });
}

/** What is not a `delta` counts from a start. Some senders do not say; then it is what their SDKs do unless told otherwise. */
function temporality(sent: AggregationTemporality): PointRecord['temporality'] {
  return sent === AggregationTemporality.DELTA ? 'delta' : 'cumulative';
}

function readNumber({ value }: NumberDataPoint): number | string {
  const number = value.case === undefined ? undefined : Number(value.value);
  return number === undefined || !Number.isFinite(number) ? 'a point has no finite value' : number;
}

function readHistogram(point: HistogramDataPoint): HistogramRecord | string {
  const { explicitBounds: bounds, bucketCounts } = point;
  const isBare = bucketCounts.length === 0;
  if (!isBare && bucketCounts.length !== bounds.length + 1) return 'a histogram must have one bucket more than bounds';
  if (bucketCounts.length > maxBuckets) return `a histogram has more than ${maxBuckets} buckets`;
  const isAscending = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? bound));
  if (!isAscending || !bounds.every(Number.isFinite)) return 'the bounds of a histogram must be finite and ascend';
  return {
    count: Number(point.count),
    sum: finite(point.sum),
    bounds: isBare ? [] : bounds,
    counts: bucketCounts.map(Number),
  };
}

function readExponential(point: ExponentialHistogramDataPoint): HistogramRecord | string {
  const buckets = explicitBuckets({
    scale: point.scale,
    zeroCount: Number(point.zeroCount),
    positive: { offset: point.positive?.offset ?? 0, counts: (point.positive?.bucketCounts ?? []).map(Number) },
    negativeCount: (point.negative?.bucketCounts ?? []).reduce((sum, count) => sum + Number(count), 0),
  });
  if (buckets === undefined) return 'the scale or the buckets of an exponential histogram are out of range';
  return { count: Number(point.count), sum: finite(point.sum), ...buckets };
}

function finite(sum: number | undefined): number {
  return sum !== undefined && Number.isFinite(sum) ? sum : 0;
}

/** Attributes as texts, in the order of their names, so that a series has one spelling. */
function readLabels(list: readonly KeyValue[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  const entries = Object.entries(readAttributes(list)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [name, value] of entries.slice(0, maxLabels)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    labels[name.slice(0, maxLabelChars)] = text.slice(0, maxLabelChars);
  }
  return labels;
}
