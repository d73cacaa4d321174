import type { Clock, Timer } from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import {
  MetricReports,
  metricsJson,
  type OtelMetric,
  type Reporter,
  type Temporality,
  writeMetrics,
} from '../otlp/index.ts';
import { type MetricsSnapshot, outsideTraces } from '../telemetry/index.ts';
import type { OtlpSender } from './otlp-sender.ts';
import { readDuration, readTimeout, type TelemetryConfig } from './otlp-target.ts';

/** What {@link MetricExport} needs. */
export interface MetricExportOptions {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly sender: OtlpSender;
  readonly schedule: MetricSchedule;
  /** The metrics of the whole program. Never rejects. */
  readonly collect: () => MetricsSnapshot | Promise<MetricsSnapshot>;
}

/** When metrics are sent, and since when they count. */
export interface MetricSchedule {
  readonly intervalMs: number;
  /** How long a report may take to be sent, with all attempts. */
  readonly timeoutMs: number;
  readonly temporality: Temporality;
}

/** OpenTelemetry's defaults. */
const usual = { intervalMs: 60_000, timeoutMs: 30_000 } as const;
const preferences: Readonly<Record<string, Temporality>> = {
  cumulative: 'cumulative',
  delta: 'delta',
  // Counters and histograms by delta, as with `delta`. What else there is has no temporality.
  lowmemory: 'delta',
};
const preferenceName = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
/** Whoever begins later than this after the program has taken over from somebody who has reported. */
const lateMs = 30_000;

const leastIntervalMs = 100;

/** Reads `OTEL_METRIC_EXPORT_…` and the preference. What is wrong is added to `problems`, and the default used. */
export function readMetricSchedule(config: TelemetryConfig, problems: string[]): MetricSchedule {
  const written = (name: 'OTEL_METRIC_EXPORT_INTERVAL' | 'OTEL_METRIC_EXPORT_TIMEOUT') => ({
    name,
    value: config[name]?.trim() ?? '',
  });
  const preference = config[preferenceName]?.trim().toLowerCase() ?? '';
  const temporality = preferences[preference];
  if (preference !== '' && temporality === undefined)
    problems.push(`${preferenceName} is not one of ${Object.keys(preferences).join(', ')}. It is cumulative.`);
  return {
    // A report each moment, which 0 asks for, would be all that the program does.
    intervalMs: Math.max(
      leastIntervalMs,
      readDuration(written('OTEL_METRIC_EXPORT_INTERVAL'), usual.intervalMs, problems),
    ),
    timeoutMs: readTimeout(written('OTEL_METRIC_EXPORT_TIMEOUT'), usual.timeoutMs, problems),
    temporality: temporality ?? 'cumulative',
  };
}

/** Sends the metrics of a program now and then, and once more when it is closed. */
export class MetricExport {
  readonly #options: MetricExportOptions;
  readonly #reports: MetricReports;
  #timer: Timer | undefined;
  #sending: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();
  #begun = false;
  #closed = false;

  constructor(options: MetricExportOptions) {
    this.#options = options;
    this.#reports = new MetricReports(options.schedule.temporality);
  }

  /** Begins to send. Of several processes of a program, only one may. */
  begin(): void {
    if (this.#begun || this.#closed) return;
    this.#begun = true;
    outsideTraces(() => this.#wait());
  }

  /** Sends the last values, for at most `limitMs`. */
  async close(limitMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    if (this.#begun) {
      const deadline = startDeadline({ clock: this.#options.clock, afterMs: limitMs });
      const { signal } = deadline;
      const late = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await Promise.race([late, this.#sending.then(() => this.#tryReport())]);
      deadline.cancel();
    }
    this.#stop.abort();
    this.#options.sender.close();
  }

  #wait(): void {
    const { clock, schedule } = this.#options;
    this.#timer = clock.after(schedule.intervalMs, () => {
      this.#sending = this.#tryReport().then(() => {
        if (!this.#closed) this.#wait();
      });
    });
  }

  /** A value that cannot be written costs a report, and neither the program nor the next report. */
  async #tryReport(): Promise<void> {
    try {
      await this.#report();
    } catch {
      this.#options.sender.dropped(1);
    }
  }

  async #report(): Promise<void> {
    const { clock, collect, reporter, schedule, sender } = this.#options;
    const snapshot = await collect();
    const isFirst = this.#reports.isEmpty;
    const metrics = this.#reports.report(snapshot, clock.now());
    // Somebody else has told of what was before: to tell again would count it twice.
    if (isFirst && schedule.temporality === 'delta' && this.#isLate(metrics)) return;
    const points = metrics.reduce((sum, metric) => sum + metric.points.length, 0);
    const write = sender.encoding === 'json' ? metricsJson : writeMetrics;
    const deadline = startDeadline({ clock, afterMs: schedule.timeoutMs, signal: this.#stop.signal });
    await sender.send(write(reporter, metrics), points, deadline.signal);
    deadline.cancel();
  }

  #isLate(metrics: readonly OtelMetric[]): boolean {
    const { clock, schedule } = this.#options;
    const beganMs = metrics[0]?.points[0]?.startMs ?? clock.now();
    return clock.now() - beganMs > Math.max(lateMs, 2 * schedule.intervalMs);
  }
}
