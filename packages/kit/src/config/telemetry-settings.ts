import { durationMs, text } from './kinds.ts';
import type { Setting } from './setting.ts';

/** What a program reports by OTLP. */
export const telemetrySignals = ['traces', 'metrics', 'logs'] as const;
export type TelemetrySignal = (typeof telemetrySignals)[number];

/** What OpenTelemetry lets be set for each signal by itself, too: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`. */
const exporterOptions = {
  ENDPOINT: 'Where to send traces, metrics and logs by OTLP. Unset: nowhere, and nothing is traced',
  PROTOCOL: 'How to send them: http/protobuf, http/json or grpc. Default: http/protobuf',
  HEADERS: 'Headers to send along, as name=value, separated by commas; values are percent-encoded',
  TIMEOUT: 'Milliseconds that sending a batch may take, with retries; 0: no limit. Default: 10000',
  COMPRESSION: 'gzip or none. Default: none',
  CERTIFICATE: 'File with the certificates (PEM) that the receiver is checked with. Default: those of Node.js',
  CLIENT_CERTIFICATE: 'File with the certificate (PEM) of this program, if the receiver asks for one',
  CLIENT_KEY: 'File with the key (PEM) of that certificate',
} as const;
type ExporterOption = keyof typeof exporterOptions;

/** What concerns all signals, or one that has no such option in common with the others. */
const further = {
  OTEL_SDK_DISABLED: 'true: no traces, metrics or logs are sent by OTLP, whatever else is set',
  OTEL_SERVICE_NAME: 'The name of this program in traces, metrics and logs. Default: its name',
  OTEL_RESOURCE_ATTRIBUTES:
    'More about this program, as name=value, separated by commas: deployment.environment.name=test',
  OTEL_PROPAGATORS:
    'How callers say to which trace a request belongs. Always tracecontext,baggage; others, such as b3, are not supported, and named in a warning',
  OTEL_TRACES_EXPORTER: 'otlp or none. Default: otlp',
  OTEL_METRICS_EXPORTER: 'otlp or none. Default: otlp',
  OTEL_LOGS_EXPORTER: 'otlp or none. Default: otlp',
  OTEL_TRACES_SAMPLER:
    'Which traces to keep: always_on, always_off, traceidratio, or one of these after parentbased_, which does as the caller does. Default: parentbased_always_on',
  OTEL_TRACES_SAMPLER_ARG: 'The share of traces that traceidratio keeps, 0 to 1. Default: 1',
} as const;

/** What hardly anybody sets: the limits of batches. The guide of telemetry lists them. */
const rare = [
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_BSP_EXPORT_TIMEOUT',
  'OTEL_BSP_MAX_QUEUE_SIZE',
  'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  'OTEL_BLRP_SCHEDULE_DELAY',
  'OTEL_BLRP_EXPORT_TIMEOUT',
  'OTEL_BLRP_MAX_QUEUE_SIZE',
  'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE',
  'OTEL_METRIC_EXPORT_INTERVAL',
  'OTEL_METRIC_EXPORT_TIMEOUT',
  'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
] as const;

type TelemetryVariable =
  | `OTEL_EXPORTER_OTLP_${ExporterOption}`
  | `OTEL_EXPORTER_OTLP_${Uppercase<TelemetrySignal>}_${ExporterOption}`
  | keyof typeof further
  | (typeof rare)[number];

/**
 * The settings of traces, metrics and logs. OpenTelemetry defines them, and says that a program starts even if one is wrong: so
 * they are texts here, and whoever uses one checks it, warns, and takes its default.
 */
export type TelemetrySettings = { readonly [Name in TelemetryVariable]: Setting<string | undefined> } & {
  readonly TRACE_SLOW_MS: Setting<number>;
};

/** Longer than any value that makes sense, and than what a header may be. */
const maxLength = 100_000;
const local = 'OpenTelemetry reads it from the environment.';

/** The settings that every program has for its traces, metrics and logs. */
export function telemetrySettings(): TelemetrySettings {
  const settings: Record<string, Setting<unknown>> = {};
  const add = (name: TelemetryVariable, describe: string, listed: boolean): void => {
    const secret = name.endsWith('_HEADERS');
    settings[name] = text({ describe, expects: '', optional: true, maxLength, local, secret, listed });
  };
  for (const [option, describe] of Object.entries(exporterOptions))
    add(`OTEL_EXPORTER_OTLP_${option as ExporterOption}`, describe, true);
  for (const [name, describe] of Object.entries(further)) add(name as keyof typeof further, describe, true);
  settings['TRACE_SLOW_MS'] = durationMs({
    describe:
      'Spans that took this long are kept even if their trace is not sampled, as failed ones are; 0: slow ones are not',
    default: 1_000,
  });
  for (const name of rare) add(name, 'As OpenTelemetry defines it', false);
  for (const signal of telemetrySignals)
    for (const [option, describe] of Object.entries(exporterOptions))
      add(
        `OTEL_EXPORTER_OTLP_${signal.toUpperCase() as Uppercase<TelemetrySignal>}_${option as ExporterOption}`,
        `For ${signal} alone: ${describe}`,
        false,
      );
  // The loops have added exactly the names of the type.
  return settings as unknown as TelemetrySettings;
}
