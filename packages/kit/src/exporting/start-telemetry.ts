import type { Clock, Logger } from '@flotilla/contracts';
import type { TelemetrySignal } from '../config/index.ts';
import type { LineTap } from '../logger/index.ts';
import { type Reporter, spansJson, writeSpans } from '../otlp/index.ts';
import {
  createSampler,
  type FinishedSpan,
  isKeptAnyway,
  type Metrics,
  type MetricsSnapshot,
  recordingTracer,
  replaceThreshold,
  samplerNames,
  type Tracer,
} from '../telemetry/index.ts';
import { readBatchLimits } from './batch-limits.ts';
import { BatchQueue } from './batch-queue.ts';
import { httpPost } from './http-post.ts';
import { exportLogs } from './log-export.ts';
import { MetricExport, readMetricSchedule } from './metric-export.ts';
import { OtlpSender } from './otlp-sender.ts';
import { type OtlpTarget, readTarget, type TelemetryConfig } from './otlp-target.ts';
import type { Post } from './post.ts';
import { type ProgramIdentity, resourceOf } from './resource.ts';

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
  /** Calls `run` when this process becomes the one that reports for all of the program. */
  readonly onLead: (run: () => void) => void;
}

/** What takes the program's spans. */
export interface Telemetry {
  /** Undefined: nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** Who reports, for every signal. */
  readonly reporter: Reporter;
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
  const targetOf = (signal: TelemetrySignal): OtlpTarget | undefined => {
    const { target, problems: wrong } = readTarget(config, signal);
    problems.push(...wrong);
    return target;
  };
  const target = targetOf('traces');
  const traces = target === undefined ? undefined : await traceExport(options, target, reporter, problems);
  const metrics = await metricExport(options, targetOf('metrics'), reporter, problems);
  const logs = await logExport(options, targetOf('logs'), reporter, problems);
  // Most are the same for all signals.
  for (const problem of new Set(problems)) logger.warn(problem);
  return {
    tracer: traces?.tracer,
    reporter,
    async close() {
      await Promise.all([traces?.close(), metrics?.close(closeLimitMs)]);
      await logs?.close(closeLimitMs);
    },
  };
}

async function metricExport(
  { config, clock, logger, metrics, collect, onLead }: TelemetryOptions,
  target: OtlpTarget | undefined,
  reporter: Reporter,
  problems: string[],
): Promise<MetricExport | undefined> {
  if (target === undefined) return undefined;
  const sender = await senderTo(target, { clock, logger, metrics });
  const schedule = readMetricSchedule(config, problems);
  const exported = new MetricExport({ clock, reporter, sender, schedule, collect });
  onLead(() => exported.begin());
  return exported;
}

async function logExport(
  { config, clock, logger, metrics, tap }: TelemetryOptions,
  target: OtlpTarget | undefined,
  reporter: Reporter,
  problems: string[],
): Promise<ReturnType<typeof exportLogs> | undefined> {
  if (target === undefined) {
    tap.close();
    return undefined;
  }
  const sender = await senderTo(target, { clock, logger, metrics });
  return exportLogs({ clock, reporter, sender, tap, limits: readBatchLimits(config, 'BLRP', problems) });
}

async function traceExport(
  { config, clock, logger, metrics }: TelemetryOptions,
  target: OtlpTarget,
  reporter: Reporter,
  problems: string[],
): Promise<{ readonly tracer: Tracer; close(): Promise<void> } | undefined> {
  const { name, probability } = readSampler(config, problems);
  // Nothing would ever be kept.
  if (name === 'always_off') return undefined;
  const sender = await senderTo(target, { clock, logger, metrics });
  const slowMs = config.TRACE_SLOW_MS;
  const write = sender.encoding === 'json' ? spansJson : writeSpans;
  const queue = new BatchQueue<FinishedSpan>({
    clock,
    limits: readBatchLimits(config, 'BSP', problems),
    dropped: (count) => sender.dropped(count),
    async send(spans, signal) {
      const sent = spans.map((span) => ({ ...span, tracestate: stateOf(span, slowMs) }));
      await sender.send(write(reporter, sent), spans.length, signal);
    },
  });
  const sampler = createSampler(name, probability);
  return {
    tracer: recordingTracer({ sampler, slowMs, clock, take: (span) => queue.add(span) }),
    async close() {
      await queue.close(closeLimitMs);
      sender.close();
    },
  };
}

/** What sends a signal to its target. */
async function senderTo(
  target: OtlpTarget,
  around: Pick<TelemetryOptions, 'clock' | 'logger' | 'metrics'>,
): Promise<OtlpSender> {
  const { signal, timeoutMs, url } = target;
  // Without the user and the password, which a URL may have.
  return new OtlpSender({
    ...around,
    signal,
    timeoutMs,
    url: `${url.origin}${url.pathname}`,
    post: await postTo(target),
  });
}

async function postTo(target: OtlpTarget): Promise<Post> {
  return httpPost(target);
}

/** A span that is kept whatever its trace is stands for itself alone, which is what the threshold 0 says. */
function stateOf({ context, failed, durationMs }: FinishedSpan, slowMs: number): string | undefined {
  const { tracestate } = context;
  if (tracestate?.includes('ot=') !== true) return tracestate;
  return isKeptAnyway(failed, durationMs, slowMs) ? replaceThreshold(tracestate, '0') : tracestate;
}

function readSampler(
  config: TelemetryConfig,
  problems: string[],
): { readonly name: (typeof samplerNames)[number]; readonly probability: number } {
  const written = config.OTEL_TRACES_SAMPLER?.trim();
  const name = samplerNames.find((known) => known === written?.toLowerCase());
  if (written !== undefined && name === undefined)
    problems.push(`OTEL_TRACES_SAMPLER is not one of ${samplerNames.join(', ')}. It is parentbased_always_on.`);
  const argument = config.OTEL_TRACES_SAMPLER_ARG?.trim();
  if (argument === undefined || name?.endsWith('traceidratio') !== true)
    return { name: name ?? 'parentbased_always_on', probability: 1 };
  const probability = Number(argument);
  if (argument !== '' && probability >= 0 && probability <= 1) return { name, probability };
  problems.push('OTEL_TRACES_SAMPLER_ARG is not a number from 0 to 1. It is 1.');
  return { name, probability: 1 };
}
