import type { Clock, Logger } from '@flotilla/contracts';
import type { TelemetrySignal } from '../config/index.ts';
import type { LineTap } from '../logger/index.ts';
import type { Reporter } from '../otlp/index.ts';
import type { Metrics, MetricsSnapshot, Tracer } from '../telemetry/index.ts';
import { readBatchLimits } from './batch-limits.ts';
import { exportLogs } from './log-export.ts';
import { MetricExport, readMetricSchedule } from './metric-export.ts';
import type { OtlpSender } from './otlp-sender.ts';
import { type OtlpTarget, readTarget, type TelemetryConfig } from './otlp-target.ts';
import { type ProgramIdentity, resourceOf } from './resource.ts';
import { senderTo } from './sender-to.ts';
import { exportTraces } from './trace-export.ts';

/** What {@link startTelemetry} needs. */
interface TelemetryOptions {
  readonly config: TelemetryConfig;
  readonly program: ProgramIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Has the lines of the log. */
  readonly tap: LineTap;
  /** The metrics of the whole program. Never rejects. */
  readonly collect: () => MetricsSnapshot | Promise<MetricsSnapshot>;
  /** Whether the program has several processes. */
  readonly hasWorkers: boolean;
  /** Calls `run` when this process becomes the one that reports for all of the program. */
  readonly onLead: (run: () => void) => void;
}

/** What takes the program's spans. */
export interface Telemetry {
  /** Undefined: nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** Sends what is left, for a bounded time. Call it last. */
  close(): Promise<void>;
}

/** How long a stop waits for what is left to be sent. */
const closeLimitMs = 2_000;

/** Starts to send what the program reports by OTLP. Nothing that is wrong with the settings keeps it from starting. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { config, logger, program } = options;
  const problems: string[] = [];
  const reporter: Reporter = {
    resource: resourceOf(config, program, problems),
    scope: { name: 'flotilla', version: '' },
  };
  const senders: OtlpSender[] = [];
  const openSender = async (target: OtlpTarget): Promise<OtlpSender> => {
    const sender = await senderTo(target, options);
    senders.push(sender);
    return sender;
  };
  const exporting = { ...options, reporter, problems, openSender };
  const targetOf = (signal: TelemetrySignal): OtlpTarget | undefined => {
    const { target, problems: wrong } = readTarget(config, signal);
    problems.push(...wrong);
    return target;
  };
  const traces = await exportTraces(exporting, targetOf('traces'));
  const metrics = await metricExport(exporting, targetOf('metrics'));
  const logs = await logExport(exporting, targetOf('logs'));
  checkPropagators(config, problems);
  checkDisabled(config, problems);
  // Most are the same for all signals.
  for (const problem of new Set(problems)) logger.warn(problem);
  return {
    tracer: traces?.tracer,
    async close() {
      for (const sender of senders) sender.hasten();
      const endsAtMs = options.clock.monotonicMs() + closeLimitMs;
      await Promise.all([traces?.close(closeLimitMs), metrics?.close(closeLimitMs)]);
      // Last, with what is left of the time: what the others log is sent, too.
      await logs?.close(Math.max(0, endsAtMs - options.clock.monotonicMs()));
    },
  };
}

/** What the parts that send a signal are built with. */
interface Exporting extends TelemetryOptions {
  readonly reporter: Reporter;
  /** Gets what is wrong with the settings. */
  readonly problems: string[];
  readonly openSender: (target: OtlpTarget) => Promise<OtlpSender>;
}

async function metricExport(
  { config, clock, collect, hasWorkers, onLead, reporter, problems, openSender }: Exporting,
  target: OtlpTarget | undefined,
): Promise<MetricExport | undefined> {
  if (target === undefined) return undefined;
  const sender = await openSender(target);
  const schedule = readMetricSchedule(config, problems);
  const { 'process.pid': _pid, ...ofProgram } = reporter.resource;
  // The values are those of all workers: with the id of one, they would be others' as soon as another reports them.
  const resource = hasWorkers ? ofProgram : reporter.resource;
  const exported = new MetricExport({ clock, reporter: { ...reporter, resource }, sender, schedule, collect });
  onLead(() => exported.begin());
  return exported;
}

async function logExport(
  { config, clock, tap, reporter, problems, openSender }: Exporting,
  target: OtlpTarget | undefined,
): Promise<ReturnType<typeof exportLogs> | undefined> {
  if (target === undefined) {
    tap.close();
    return undefined;
  }
  const sender = await openSender(target);
  return exportLogs({ clock, reporter, sender, tap, limits: readBatchLimits(config, 'BLRP', problems) });
}

/** It is not disabled, or nobody would ask. */
function checkDisabled({ OTEL_SDK_DISABLED: written }: TelemetryConfig, problems: string[]): void {
  const value = (written ?? '').trim().toLowerCase();
  if (value !== '' && value !== 'false')
    problems.push('OTEL_SDK_DISABLED is neither true nor false. It is false: set it to true to send nothing.');
}

/** The two that every program reads and writes, traced or not. */
const propagators: ReadonlySet<string> = new Set(['tracecontext', 'baggage']);

function checkPropagators({ OTEL_PROPAGATORS: written }: TelemetryConfig, problems: string[]): void {
  const names = (written ?? '').split(',').map((name) => name.trim().toLowerCase());
  const others = names.filter((name) => name !== '' && !propagators.has(name));
  if (others.length > 0)
    problems.push(`OTEL_PROPAGATORS: ${others.join(', ')} is not supported. They are tracecontext and baggage.`);
}
