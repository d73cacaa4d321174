export { type LevelNow, LevelSwitch } from './level-switch.ts';
export {
  createLogger,
  type Level,
  type LineSink,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogMethod,
  silentLogger,
} from './logger.ts';
export { isSecretName, redact } from './redaction.ts';
export { type LoggedError, serializeError } from './serialize-error.ts';
