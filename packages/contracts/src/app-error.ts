import { type CoreErrorCode, type coreErrors, type KnownError, kindOf } from './core-errors.ts';
import type { ErrorKind } from './error-kind.ts';
import { checkBrokenRule, type FieldProblem } from './field-problem.ts';
import { fillIn, type MessageParameters, type ParametersFor } from './fill-in.ts';
import type { Locale } from './locale.ts';

/** Options of an {@link AppError}, besides its kind and the values for the placeholders in its texts. */
export interface AppErrorOptions {
  /** Which fields are wrong, and why. */
  readonly fields?: readonly FieldProblem[];
  /**
   * One sentence about this occurrence, sent to the caller as `detail`. It is for the developer of the calling program,
   * so it is in English only, like the logs; what end users read belongs in `fields` or in the kind's own texts, whose
   * `detail` it replaces. Never put a cause's message here.
   */
  readonly detail?: string;
  /** When to retry, in milliseconds; sent as `Retry-After`, rounded up to whole seconds. */
  readonly retryAfterMs?: number;
  /** The methods of the path; sent as `Allow` with METHOD_NOT_ALLOWED. */
  readonly allow?: readonly string[];
  /** The required credentials; sent as `WWW-Authenticate` with UNAUTHENTICATED. */
  readonly challenges?: readonly string[];
  /** The original error. Kept and logged, never sent. */
  readonly cause?: unknown;
}

type PlacesIn<What extends KnownError> =
  What extends ErrorKind<infer Place>
    ? Place
    : What extends CoreErrorCode
      ? (typeof coreErrors)[What]['places'][number]
      : never;

/** What the constructor takes after the kind: options, which may be left out if the texts need no parameters. */
export type AppErrorArguments<What extends KnownError> =
  ParametersFor<PlacesIn<What>> extends { readonly parameters: unknown }
    ? readonly [options: AppErrorOptions & ParametersFor<PlacesIn<What>>]
    : readonly [options?: AppErrorOptions & ParametersFor<PlacesIn<What>>];

/**
 * An error with a stable code: the only kind a Flotilla program answers with. Match on `code`, with {@link isAppError},
 * never on the class or the message. Foreign errors become one of these at the edge where they enter.
 *
 * ```ts
 * throw new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes } }); // of the core
 * throw new AppError(cartErrors.CART_EMPTY); // of a service's contract
 * ```
 */
export class AppError<const What extends KnownError = KnownError> extends Error {
  override readonly name = 'AppError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly parameters: MessageParameters;
  readonly fields: readonly FieldProblem[];
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly allow: readonly string[];
  readonly challenges: readonly string[];
  readonly #diagnostic: string | undefined;

  /**
   * @throws TypeError when the code, or that of a field, is not defined: noticed where the error is created, not where
   *   it is answered
   */
  constructor(what: What, ...[given]: AppErrorArguments<What>) {
    // What a kind asks for is always these, with more or fewer parameters.
    const options = (given ?? {}) as AppErrorOptions & { readonly parameters?: MessageParameters };
    const kind = kindOf(what);
    const parameters = options.parameters ?? {};
    super(fillIn(kind.message.en, parameters), options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.code = kind.code;
    this.status = kind.status;
    this.retryable = kind.retryable;
    this.parameters = parameters;
    this.fields = options.fields ?? [];
    for (const problem of this.fields) checkBrokenRule(problem);
    this.#diagnostic = options.detail;
    this.detail = this.detailIn('en');
    this.retryAfterMs = options.retryAfterMs;
    this.allow = options.allow ?? [];
    this.challenges = options.challenges ?? [];
  }

  /** Whether the failure was expected: true for every code but INTERNAL. The logger then leaves the stack out. */
  get foreseen(): boolean {
    return this.code !== 'INTERNAL';
  }

  /** The message in one language, with its parameters filled in. */
  messageIn(locale: Locale): string {
    return fillIn(this.kind.message[locale], this.parameters);
  }

  /** The detail of this occurrence: the `detail` option if given, otherwise the kind's own text in one language. */
  detailIn(locale: Locale): string | undefined {
    const { detail } = this.kind;
    return this.#diagnostic ?? (detail === undefined ? undefined : fillIn(detail[locale], this.parameters));
  }
}

/**
 * Whether `value` is an {@link AppError}, even one from another copy of this package.
 *
 * @param what only errors of this kind; default: of any kind
 */
export function isAppError(value: unknown, what?: KnownError): value is AppError {
  const isOne = value instanceof Error && value.name === 'AppError' && 'code' in value && 'messageIn' in value;
  return isOne && (what === undefined || value.code === kindOf(what).code);
}
