/** One line that was logged. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

type Log = (first: unknown, message?: string) => void;

/** A logger that keeps its lines for the test to read. */
export interface RecordingLogger {
  readonly lines: readonly LoggedLine[];
  /** The messages of one level, in order. */
  messages(level: LoggedLine['level']): readonly string[];
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

/** Makes a {@link RecordingLogger}. */
export function recordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = [];
  const log =
    (level: LoggedLine['level']): Log =>
    (first, message) => {
      if (typeof first === 'string') lines.push({ level, fields: {}, message: first });
      else lines.push({ level, fields: { ...(first as object) }, message: message ?? '' }); // an object: that is what loggers take
    };
  return {
    lines,
    messages: (level) => lines.filter((line) => line.level === level).map((line) => line.message),
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  };
}
