// Imported from its own file: the whole package includes a validator, which the lightest processes do not load.
import { isAppError } from '@flotilla/contracts/app-error';
import { isForeseen } from '@flotilla/contracts/foreseen-error';
import { boundedText } from './printable-text.ts';
import { isSecretName } from './secret-name.ts';

/** The longest message, detail and stack: a parser's message may contain everything that it read. */
const longest = { message: 2_000, stack: 10_000 } as const;

/** An error in a log line. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  /** The chain of causes, at most five deep. */
  readonly cause?: LoggedError;
  readonly errors?: readonly LoggedError[];
  readonly [detail: string]: unknown;
}

/**
 * `error` with its chain of causes. Anything can be thrown, so anything is accepted. A stack is shown only where it helps:
 * not for a foreseen error.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: boundedText(describe(error), longest.message) };
  const stack = helpfulStack(error);
  const { code, cause } = error as Error & { code?: unknown }; // Node's errors have a code that the type lacks.
  return {
    type: error.name,
    message: boundedText(withoutQuote(error, error.message), longest.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...details(error),
    ...(stack === undefined ? {} : { stack: boundedText(withoutQuote(error, stack), longest.stack) }),
    ...(cause === undefined || depth >= 5 ? {} : { cause: serializeError(cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < 5
      ? { errors: error.errors.slice(0, 10).map((inner: unknown) => serializeError(inner, depth + 1)) }
      : {}),
  };
}

function helpfulStack(error: Error): string | undefined {
  const { stack } = error;
  if (stack === undefined || isForeseen(error)) return undefined;
  // The system's answer to a call, such as a refused connection: all frames are Node's own, and the first line repeats the message.
  const frames = stack.match(/^ +at .*$/gm) ?? [];
  return 'syscall' in error && frames.every((frame) => frame.includes('node:')) ? undefined : stack;
}

/**
 * `JSON.parse` quotes the text that it could not read: somebody's data, which must not be logged. What is wrong stays, and
 * where, if the message says so.
 */
function withoutQuote(error: Error, text: string): string {
  if (!(error instanceof SyntaxError)) return text;
  return text.replace(/(Unexpected token) [\s\S]*?(?:\.\.\.)?"[\s\S]*"(?:\.\.\.)? (?=is not valid JSON)/, '$1: ');
}

/** The plain values of an error besides the usual ones: `syscall`, `port`, `errno`. */
function details(error: Error): Record<string, unknown> {
  if (isAppError(error)) return error.detail === undefined ? {} : { detail: error.detail };
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(error)) {
    if (name === 'code' || name === 'stack' || name === 'message' || name === 'name') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      found[name] = isSecretName(name)
        ? '***'
        : typeof value === 'string'
          ? boundedText(value, longest.message)
          : value;
  }
  return found;
}

function describe(value: unknown): string {
  try {
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    return String(value);
  }
}
