import type { Level, LogFields, Logger, LogMethod } from '@flotilla/contracts';
import { pino } from 'pino';
import type { LogFormat, LogProfile } from '../config/index.ts';
import { BoundedOutput, type OutputStream } from '../output/index.ts';
import type { LineShape, LineTrace } from './line-shape.ts';
import { shapeOf } from './log-profiles.ts';
import { prettyLine } from './pretty-line.ts';
import { printableJson } from './printable-text.ts';
import { errorFields, PlainNames, redact, type TakenNames } from './redaction.ts';
import { serializeError } from './serialize-error.ts';
import { severity } from './severity.ts';

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
  readonly format?: LogFormat;
  /** Whose names the fields of JSON lines have. Pretty lines are the same with each. Default `native`. */
  readonly profile?: LogProfile;
  /**
   * Says within which trace a line is written, so that lines of a traced request name it and its span. Default: lines only name
   * what their fields say.
   */
  readonly trace?: () => LineTrace | undefined;
  /** Gets every JSON line, with its end, as it is written; it must not throw. Default: nobody does. */
  readonly tap?: (line: string) => void;
  /** Whether to colour pretty lines. Default: if stdout is a terminal. */
  readonly colour?: boolean;
  /** Default: that of the process. */
  readonly stdout?: LineSink;
  readonly stderr?: LineSink;
}

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
  const { tap } = options;
  const shape = pretty ? undefined : shapeOf(options.profile ?? 'native');
  const shared: SharedLevel = { level: options.level ?? 'info' };
  const resumed =
    (level: 'warn' | 'error') =>
    (lines: number): void =>
      root[level](
        shape?.fields({ lines }, undefined, undefined) ?? { lines },
        'the output was not read for a while; lines were dropped',
      );
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
      tap?.(line);
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
      timestamp: isoTime(shape?.timeName ?? 'time'),
      ...(shape === undefined
        ? {
            base: { service: options.service, instance: options.instance },
            formatters: { level: (label) => ({ level: label }) },
            serializers: Object.fromEntries([...errorFields].map((name) => [name, serialized])),
          }
        : {
            base: shape.base(options.service, options.instance),
            formatters: { level: (label) => ({ ...shape.level(label) }) },
            messageKey: shape.messageName,
          }),
    },
    destination,
  );
  const family = { root, shared, plain: new PlainNames(), shape, trace: options.trace };
  return wrap(family, {});
}

/** The time of a line, as pino wants it. A busy program writes many lines in a millisecond, which share one time. */
function isoTime(name: string): () => string {
  let lastMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== lastMs) {
      lastMs = nowMs;
      text = `,"${name}":"${new Date(nowMs).toISOString()}"`;
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
  /** Undefined: lines are native. */
  readonly shape: LineShape | undefined;
  readonly trace: (() => LineTrace | undefined) | undefined;
}

/** A logger that adds `bindings` to every line. A child's replace its parent's, so that no name appears twice. */
function wrap(family: Family, bindings: LogFields): Logger {
  const { shared } = family;
  const write =
    family.shape === undefined ? nativeLines(family, bindings) : shapedLines(family, bindings, family.shape);
  function method(level: Exclude<Level, 'silent'>): LogMethod {
    const weight = severity[level];
    return (fields: string | LogFields | Error, message?: string): void => {
      if (weight < severity[shared.level]) return;
      if (typeof fields === 'string') return write(level, undefined, fields);
      try {
        write(level, fields instanceof Error ? { err: fields } : fields, message);
      } catch (error) {
        write(level, unreadable(error), message);
      }
    };
  }
  return {
    trace: method('trace'),
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    fatal: method('fatal'),
    child: (added) => wrap(family, { ...bindings, ...readable(added) }),
    isEnabled: (level) => severity[level] >= severity[shared.level],
    get level() {
      return shared.level;
    },
    set level(level) {
      shared.level = level;
    },
  };
}

/** Fields for each line of a child. */
function readable(fields: LogFields): LogFields {
  try {
    return redact(fields, new Set(reservedNames));
  } catch (error) {
    return unreadable(error);
  }
}

/** A getter that throws, or a proxy that was revoked: whoever only wants to log something must not fail for it. */
function unreadable(error: unknown): LogFields {
  return { unreadableFields: error instanceof Error ? error.message : 'unknown' };
}

/** Writes a line with these fields; undefined: only a message. */
type WriteLine = (level: Exclude<Level, 'silent'>, fields: LogFields | undefined, message: string | undefined) => void;

function nativeLines({ root, plain, trace }: Family, bindings: LogFields): WriteLine {
  const names = Object.keys(bindings);
  const target = names.length === 0 ? root : root.child(bindings);
  const taken: TakenNames = new Set([...reservedNames, ...names]);
  return (level, fields, message) => {
    const copy = fields === undefined ? undefined : redact(fields, taken, plain);
    const traced = withTrace(copy, bindings, trace?.());
    if (traced === undefined) target[level](message);
    else target[level](traced, message);
  };
}

function shapedLines({ root, plain, trace }: Family, bindings: LogFields, shape: LineShape): WriteLine {
  const taken: TakenNames = new Set([...reservedNames, ...Object.keys(bindings)]);
  return (level, fields = {}, message) => {
    const all: Record<string, unknown> = { ...bindings, ...redact(fields, taken, plain) };
    for (const name of errorFields) if (all[name] !== undefined) all[name] = serialized(all[name]);
    const now = trace?.();
    root[level](shape.fields(all, message, isWithin(all, now) ? now : undefined), message);
  };
}

/** `fields` with the ids of the span that runs now, unless the line is about another trace, or names its span itself. */
function withTrace(
  fields: Record<string, unknown> | undefined,
  bindings: LogFields,
  trace: LineTrace | undefined,
): LogFields | undefined {
  if (trace === undefined) return fields;
  const own = { traceId: trace.traceId, spanId: trace.spanId };
  if (!isWithin({ ...bindings, ...fields }, trace)) return fields;
  const named = Object.hasOwn(bindings, 'traceId') ? { spanId: trace.spanId } : own;
  return { ...fields, ...named };
}

function isWithin(fields: LogFields, trace: LineTrace | undefined): boolean {
  const { traceId = trace?.traceId, spanId = trace?.spanId } = fields;
  return trace !== undefined && traceId === trace.traceId && spanId === trace.spanId;
}

function serialized(error: unknown): unknown {
  return serializeError(error);
}
