/** How much is logged, from most to least. */
export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Values that belong to a line: `{ err, userId }`. Errors go under `err`; secrets are replaced by `***`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line. The message is for people and stays the same; what varies goes into the fields. */
export interface LogMethod {
  (message: string): void;
  (fields: LogFields | Error, message: string): void;
}

/** Where a program says what happens to it. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A logger that puts `bindings` on every line. */
  child(bindings: LogFields): Logger;
  /** May be set at any time and on any logger of the family: a program has one level. */
  level: Level;
  /** Whether lines of `level` are written now, to save the work of making their fields. */
  isEnabled(level: Exclude<Level, 'silent'>): boolean;
}
