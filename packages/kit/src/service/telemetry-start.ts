import type { Clock, Logger } from '@flotilla/contracts';
import { type CommonSettings, type ConfigOf, telemetrySignals } from '../config/index.ts';
import type { ProgramIdentity, Telemetry } from '../exporting/index.ts';
import type { Metrics } from '../telemetry/index.ts';

/** What the telemetry of a program is built with. */
export interface TelemetrySurroundings {
  readonly program: ProgramIdentity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Starts to send what the program reports, if the settings say where to; otherwise it loads nothing. */
export async function startProgramTelemetry(
  config: ConfigOf<CommonSettings>,
  around: TelemetrySurroundings,
): Promise<Telemetry | undefined> {
  if (!sendsTelemetry(config)) return undefined;
  const { startTelemetry } = await import('../exporting/index.ts');
  return startTelemetry({ config, ...around });
}

function sendsTelemetry(config: ConfigOf<CommonSettings>): boolean {
  if (config.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const own = telemetrySignals.map((signal) => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`);
  return ['OTEL_EXPORTER_OTLP_ENDPOINT', ...own].some((name) => config[name] !== undefined);
}
