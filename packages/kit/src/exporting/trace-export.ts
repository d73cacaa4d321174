import type { Clock } from '@flotilla/contracts';
import { jsonBatches, protobufBatches, type Reporter, type SpanBatch } from '../otlp/index.ts';
import {
  createSampler,
  type FinishedSpan,
  isKeptAnyway,
  recordingTracer,
  replaceThreshold,
  type SamplerName,
  samplerNames,
  type Tracer,
} from '../telemetry/index.ts';
import { readBatchLimits } from './batch-limits.ts';
import { BatchQueue } from './batch-queue.ts';
import { bridgeIfInstalled } from './otel-bridge/otel-bridge.ts';
import type { OtlpSender } from './otlp-sender.ts';
import type { OtlpTarget, TelemetryConfig } from './otlp-target.ts';

/** What {@link exportTraces} needs. */
interface TraceExportOptions {
  readonly config: TelemetryConfig;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** Gets what is wrong with the settings. */
  readonly problems: string[];
  readonly openSender: (target: OtlpTarget) => Promise<OtlpSender>;
}

/** A tracer, and the end of what sends its spans. */
interface TraceExport {
  readonly tracer: Tracer;
  /** Sends what is left, for at most `limitMs`. */
  close(limitMs: number): Promise<void>;
}

/** Makes a tracer whose spans are sent to `target`; undefined if there is none, or nothing would ever be kept. */
export async function exportTraces(
  { config, reporter, clock, problems, openSender }: TraceExportOptions,
  target: OtlpTarget | undefined,
): Promise<TraceExport | undefined> {
  if (target === undefined) return undefined;
  const { name, probability } = readSampler(config, problems);
  if (name === 'always_off') return undefined;
  const limits = readBatchLimits(config, 'BSP', problems);
  const timeoutMs = Math.min(target.timeoutMs, limits.timeoutMs);
  const sender = await openSender({ ...target, timeoutMs });
  const slowMs = config.TRACE_SLOW_MS;
  const queue = new BatchQueue<FinishedSpan, SpanBatch>({
    clock,
    limits,
    open: (sender.encoding === 'json' ? jsonBatches : protobufBatches)(reporter),
    put: (batch, span) => batch.add(span, sentState(span, slowMs)),
    dropped: (count) => sender.dropped(count),
    send: (batch, count, signal) => sender.send(batch.finish(), count, signal),
  });
  const sampler = createSampler(name, probability);
  const tracer = recordingTracer({ sampler, slowMs, clock, take: (span) => queue.add(span) });
  // Nobody waits for it: until it is there, spans of that API lead nowhere, as without it.
  const bridge = bridgeIfInstalled(tracer);
  return {
    tracer,
    async close(limitMs) {
      (await bridge)?.();
      await queue.close(limitMs);
      sender.close();
    },
  };
}

/** A span that is kept whatever its trace is stands for itself alone, which is what the threshold 0 says. */
function sentState({ context, failed, durationMs }: FinishedSpan, slowMs: number): string | undefined {
  const { tracestate } = context;
  if (tracestate?.includes('ot=') !== true) return tracestate;
  return isKeptAnyway(failed, durationMs, slowMs) ? replaceThreshold(tracestate, '0') : tracestate;
}

function readSampler(
  config: TelemetryConfig,
  problems: string[],
): { readonly name: SamplerName; readonly probability: number } {
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
