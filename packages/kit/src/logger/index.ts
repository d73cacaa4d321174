export type { Level, LogFields, Logger, LogMethod } from '@flotilla/contracts';
export { type LevelNow, LevelSwitch } from './level-switch.ts';
export {
  createLogger,
  type LineSink,
  type LoggerOptions,
  silentLogger,
} from './logger.ts';
export { redact } from './redaction.ts';
export { isSecretName } from './secret-name.ts';
export { type LoggedError, serializeError } from './serialize-error.ts';
