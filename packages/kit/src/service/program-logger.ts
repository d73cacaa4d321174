import type { CommonSettings, ConfigOf } from '../config/index.ts';
import { wantsColour } from '../host/colour.ts';
import type { ProcessHost } from '../host/process-host.ts';
import { createLogger, type Level, type LineTap, type Logger } from '../logger/index.ts';
import { currentTrace } from '../telemetry/index.ts';
import type { WorkerSeat } from '../workers/worker-seat.ts';

/** What {@link programLogger} needs. */
interface ProgramLoggerOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: Level;
  readonly config: Pick<ConfigOf<CommonSettings>, 'LOG_FORMAT' | 'LOG_PROFILE'>;
  readonly host: ProcessHost;
  readonly seat: WorkerSeat;
  /** Gets every line; undefined: nobody does. */
  readonly tap: LineTap | undefined;
}

/** The logger of a program, or of one of its workers. */
export function programLogger({ service, instance, level, config, host, seat, tap }: ProgramLoggerOptions): Logger {
  const { stdout, stderr } = host;
  const logger = createLogger({
    ...{ service, instance, level, stdout, stderr },
    format: config.LOG_FORMAT,
    profile: config.LOG_PROFILE,
    colour: wantsColour(host.env, stdout),
    trace: currentTrace,
    ...(tap === undefined ? {} : { tap: tap.put }),
  });
  return seat.worker === undefined ? logger : logger.child({ worker: seat.worker });
}
