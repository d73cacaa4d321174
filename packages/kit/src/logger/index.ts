export type { Level, LogFields, Logger, LogMethod } from '@flotilla/contracts';
export { type LevelNow, LevelSwitch } from './level-switch.ts';
export { LineTap } from './line-tap.ts';
export { readOwnLine } from './log-line.ts';
export {
  createLogger,
  type LineSink,
  type LoggerOptions,
  silentLogger,
} from './logger.ts';
export { otelAttributes } from './otel-line.ts';
export { redact } from './redaction.ts';
export { isSecretName } from './secret-name.ts';
export { type LoggedError, serializeError } from './serialize-error.ts';
export { severityNumber } from './severity.ts';
