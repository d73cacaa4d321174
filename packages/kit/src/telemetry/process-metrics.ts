import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

/** Who this process is, for `target_info`. */
export interface TargetInfo {
  readonly service: string;
  readonly instance: string;
  readonly version?: string | undefined;
}

/** Adds the process's own metrics (CPU, memory, event loop) under Prometheus' usual names. Values are read when rendered. */
export function processMetrics(metrics: Metrics, target?: TargetInfo): void {
  if (target !== undefined)
    metrics
      .gauge({
        name: 'target_info',
        help: 'Identity of this process.',
        labels: ['service_name', 'service_instance_id', 'service_version'],
        merge: 'max',
      })
      .labels(target.service, target.instance, target.version ?? '')
      .set(1);
  processGauges(metrics);
  eventLoopGauges(metrics);
}

function processGauges(metrics: Metrics): void {
  const single = (name: string, help: string) => metrics.gauge({ name, help }).labels();
  const cpu = metrics.counter({ name: 'process_cpu_seconds_total', help: 'CPU time used, user and system.' }).labels();
  const resident = single('process_resident_memory_bytes', 'Resident memory.');
  const openFiles = single('process_open_fds', 'Open file descriptors.');
  const heapUsed = single('nodejs_heap_size_used_bytes', 'JavaScript heap in use.');
  const heapTotal = single('nodejs_heap_size_total_bytes', 'JavaScript heap reserved.');
  const external = single('nodejs_external_memory_bytes', 'Memory used by objects outside the JavaScript heap.');
  const started = metrics
    .gauge({
      name: 'process_start_time_seconds',
      help: 'Start time of the process, in seconds since the epoch.',
      merge: 'min',
    })
    .labels();
  started.set(performance.timeOrigin / 1000);
  metrics
    .gauge({ name: 'nodejs_version_info', help: 'Version of Node.js.', labels: ['version'], merge: 'max' })
    .labels(process.version)
    .set(1);
  let cpuSeconds = 0;
  metrics.onCollect(() => {
    const { user, system } = process.cpuUsage();
    cpu.inc((user + system) / 1e6 - cpuSeconds);
    cpuSeconds = (user + system) / 1e6;
    const memory = process.memoryUsage();
    resident.set(memory.rss);
    heapUsed.set(memory.heapUsed);
    heapTotal.set(memory.heapTotal);
    external.set(memory.external);
    openFiles.set(countOpenFiles());
  });
}

/** Read from /proc on Linux; 0 elsewhere. */
function countOpenFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

function eventLoopGauges(metrics: Metrics): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const lag = metrics.gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'Event loop delay since the last scrape.',
    labels: ['quantile'],
    merge: 'max',
  });
  const quantiles = (['0.5', '0.9', '0.99', '1'] as const).map((quantile) => ({
    percentile: Number(quantile) * 100,
    series: lag.labels(quantile),
  }));
  const utilization = metrics
    .gauge({
      name: 'nodejs_eventloop_utilization_ratio',
      help: 'Share of time that the event loop was busy since the last scrape.',
      merge: 'max',
    })
    .labels();
  let before = performance.eventLoopUtilization();
  metrics.onCollect(() => {
    for (const { percentile, series } of quantiles) series.set(delay.percentile(percentile) / 1e9);
    delay.reset();
    const now = performance.eventLoopUtilization();
    utilization.set(performance.eventLoopUtilization(now, before).utilization);
    before = now;
  });
}
