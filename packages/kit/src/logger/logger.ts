import type { Level, LogFields, Logger, LogMethod } from '@flotilla/contracts';
import { pino } from 'pino';
import { BoundedOutput, type OutputStream } from '../output/index.ts';
import { prettyLine } from './pretty-line.ts';
import { printableJson } from './printable-text.ts';
import { errorFields, PlainNames, redact, type TakenNames } from './redaction.ts';
import { serializeError } from './serialize-error.ts';

/** A stream for log lines, such as `process.stdout`. */
export type LineSink = OutputStream;

/** What {@link createLogger} needs. */
export interface LoggerOptions {
  /** The program's name, on every line. */
  readonly service: string;
  /** The instance's id, on every line. */
  readonly instance: string;
  /** Default `info`. */
  readonly level?: Level;
  /**
   * `auto` is pretty if stdout is a terminal, otherwise JSON. Pretty lines are brief (`GET /users/1 200 4 ms user-service`),
   * but with the level `debug` or `trace` they have every field. Default `auto`.
   */
  readonly format?: 'auto' | 'pretty' | 'json';
  /** Whether to colour pretty lines. Default: if stdout is a terminal. */
  readonly colour?: boolean;
  /** Default: that of the process. */
  readonly stdout?: LineSink;
  readonly stderr?: LineSink;
}

const severity = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: Number.POSITIVE_INFINITY };

/** The level of a logger and all its children: one object, so that a change reaches every child at once and at no cost. */
interface SharedLevel {
  level: Level;
}

/**
 * Creates a program's logger. Lines are passed to the system at once, so that those before a crash are not lost. If nobody reads
 * the output, lines are dropped and counted, those of `warn` and above last; nothing waits for the reader.
 */
export function createLogger(options: LoggerOptions): Logger {
  const stdout = options.stdout ?? process.stdout;
  const stderr = options.stderr ?? process.stderr;
  const pretty = options.format === 'pretty' || (options.format !== 'json' && stdout.isTTY === true);
  const colour = options.colour ?? stdout.isTTY === true;
  const shared: SharedLevel = { level: options.level ?? 'info' };
  const resumed =
    (level: 'warn' | 'error') =>
    (lines: number): void =>
      root[level]({ lines }, 'the output was not read for a while; lines were dropped');
  const outputs = {
    stdout: new BoundedOutput(stdout, resumed('warn')),
    stderr: new BoundedOutput(stderr, resumed('error')),
  };
  const destination = {
    // Asks pino to leave the level of the line in `lastLevel`.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string): void {
      const level = this.lastLevel;
      const output = level >= severity.error ? outputs.stderr : outputs.stdout;
      if (!output.admits(level >= severity.warn ? 'important' : 'plain')) return;
      const safe = printableJson(line);
      const detail = severity[shared.level] <= severity.debug ? 'full' : 'brief';
      output.write(pretty ? `${prettyLine(safe.trimEnd(), { colour, detail, columns: output.columns })}\n` : safe);
    },
  };
  const root = pino(
    {
      // We check levels ourselves (see SharedLevel), so pino lets all through.
      level: 'trace',
      base: { service: options.service, instance: options.instance },
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }) },
      serializers: Object.fromEntries(
        [...errorFields].map((name) => [name, (error: unknown) => serializeError(error)]),
      ),
    },
    destination,
  );
  return wrap({ root, shared, plain: new PlainNames() }, {});
}

/** The time of a line, as pino wants it. A busy program writes many lines in a millisecond, which share one time. */
function isoTime(): () => string {
  let lastMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== lastMs) {
      lastMs = nowMs;
      text = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return text;
  };
}

/** Fields that every line has, or that pino writes itself: another field of such a name would appear twice. */
const reservedNames: readonly string[] = ['level', 'time', 'msg', 'service', 'instance'];

/** A logger that drops everything, for tests and for libraries that get none. */
export function silentLogger(): Logger {
  const nowhere = { write: () => undefined };
  return createLogger({ service: '', instance: '', level: 'silent', format: 'json', stdout: nowhere, stderr: nowhere });
}

/** State that the loggers of one program share. */
interface Family {
  readonly root: pino.Logger;
  readonly shared: SharedLevel;
  readonly plain: PlainNames;
}

/** A logger that adds `bindings` to every line. A child's replace its parent's, so that no name appears twice. */
function wrap(family: Family, bindings: LogFields): Logger {
  const { root, shared, plain } = family;
  const names = Object.keys(bindings);
  const target = names.length === 0 ? root : root.child(bindings);
  const taken: TakenNames = new Set([...reservedNames, ...names]);
  function method(level: Exclude<Level, 'silent'>): LogMethod {
    const weight = severity[level];
    return (fields: string | LogFields | Error, message?: string): void => {
      if (weight < severity[shared.level]) return;
      if (typeof fields === 'string') target[level](fields);
      else target[level](fields instanceof Error ? { err: fields } : redact(fields, taken, plain), message);
    };
  }
  return {
    trace: method('trace'),
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    fatal: method('fatal'),
    child: (added) => wrap(family, { ...bindings, ...redact(added, new Set(reservedNames)) }),
    isEnabled: (level) => severity[level] >= severity[shared.level],
    get level() {
      return shared.level;
    },
    set level(level) {
      shared.level = level;
    },
  };
}
