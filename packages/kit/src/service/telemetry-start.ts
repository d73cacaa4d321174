import type { Clock, Logger } from '@flotilla/contracts';
import { type CommonSettings, type ConfigOf, telemetrySignals } from '../config/index.ts';
import type { ProgramIdentity, Telemetry } from '../exporting/index.ts';
import { LineTap } from '../logger/index.ts';
import type { Metrics, MetricsSnapshot } from '../telemetry/index.ts';

/** What the telemetry of a program is built with. */
export interface TelemetrySurroundings {
  readonly program: ProgramIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Of {@link tapFor}. */
  readonly tap: LineTap | undefined;
  /** The metrics of the whole program. Never rejects. */
  readonly collect: () => MetricsSnapshot | Promise<MetricsSnapshot>;
  /** Whether the program has several processes. */
  readonly hasWorkers: boolean;
  /** Calls `run` when this process becomes the one that reports for all of the program. */
  readonly onLead: (run: () => void) => void;
}

/** What keeps the lines that are logged before telemetry starts; undefined: nothing will be sent. */
export function tapFor(config: ConfigOf<CommonSettings>): LineTap | undefined {
  return sendsTelemetry(config) ? new LineTap() : undefined;
}

/** Starts to send what the program reports, if the settings say where to; otherwise it loads nothing. */
export async function startProgramTelemetry(
  config: ConfigOf<CommonSettings>,
  { tap, ...around }: TelemetrySurroundings,
): Promise<Telemetry | undefined> {
  if (tap === undefined) return undefined;
  const { startTelemetry } = await import('../exporting/index.ts');
  return startTelemetry({ config, tap, ...around });
}

function sendsTelemetry(config: ConfigOf<CommonSettings>): boolean {
  if (config.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const own = telemetrySignals.map((signal) => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`);
  return ['OTEL_EXPORTER_OTLP_ENDPOINT', ...own].some((name) => config[name] !== undefined);
}
