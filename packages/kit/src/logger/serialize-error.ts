// By its own file: the whole package brings a validator along, which the lightest processes do without.
import { isAppError } from '@flotilla/contracts/app-error';
import { boundedText } from './printable-text.ts';
import { isSecretName } from './redaction.ts';

/** The longest message and detail, and the longest stack: a parser's message may hold all of what it read. */
const longest = { message: 2_000, stack: 10_000 } as const;

/** An error as it stands in a log line. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  /** What led to it, and what led to that; at most five deep. */
  readonly cause?: LoggedError;
  readonly errors?: readonly LoggedError[];
  readonly [detail: string]: unknown;
}

/** `error` with its chain of causes. Anything may be thrown, so anything is taken. */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: boundedText(describe(error), longest.message) };
  const { code, cause } = error as Error & { code?: unknown }; // Node's errors carry a code that the type does not know.
  return {
    type: error.name,
    message: boundedText(withoutQuote(error, error.message), longest.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...details(error),
    ...(error.stack === undefined ? {} : { stack: boundedText(withoutQuote(error, error.stack), longest.stack) }),
    ...(cause === undefined || depth >= 5 ? {} : { cause: serializeError(cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < 5
      ? { errors: error.errors.slice(0, 10).map((inner: unknown) => serializeError(inner, depth + 1)) }
      : {}),
  };
}

/**
 * `JSON.parse` quotes the text it could not read: somebody's data, which belongs in no log. What is wrong stays, and
 * where, if it says so.
 */
function withoutQuote(error: Error, text: string): string {
  if (!(error instanceof SyntaxError)) return text;
  return text.replace(/(Unexpected token) [\s\S]*?(?:\.\.\.)?"[\s\S]*"(?:\.\.\.)? (?=is not valid JSON)/, '$1: ');
}

/** The plain values an error carries beside the usual: `syscall`, `port`, `errno`. */
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
