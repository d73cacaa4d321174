import { AppError, type AppErrorOptions } from './app-error.ts';
import { coreErrors, isCoreErrorCode } from './core-errors.ts';
import { type ErrorKind, problemTypeOf } from './error-kind.ts';
import type { FieldProblem } from './field-problem.ts';
import type { MessageParameters } from './fill-in.ts';
import { grpcStatusOf } from './grpc-status.ts';

const longestTitle = 300;
const longestDetail = 1_000;
const longestName = 300;
const mostFields = 100;

/** What the problem document of another program says, as far as it may be handed on. */
export interface ReceivedProblem {
  /** The URI of its kind, unless it has none of its own (`about:blank`). */
  readonly type: string | undefined;
  /** As it came, whoever defines it. Default: none; problems of others often have only a type. */
  readonly code: string | undefined;
  readonly title: string | undefined;
  readonly detail: string | undefined;
  readonly fields: readonly FieldProblem[];
}

/**
 * Reads the problem that a JSON value is (RFC 9457, ours or anybody's); undefined if it is something else. Members that
 * are not listed here are left behind: frameworks put stacks and queries into theirs.
 */
export function readProblem(value: unknown): ReceivedProblem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { type, code, title, detail, errors } = value as Readonly<Record<string, unknown>>; // Of an object any name can be asked for.
  return {
    type: isName(type) && type !== 'about:blank' ? type : undefined,
    code: isName(code) ? code : undefined,
    title: textOf(title, longestTitle),
    detail: textOf(detail, longestDetail),
    fields: Array.isArray(errors) ? errors.slice(0, mostFields).flatMap(readField) : [],
  };
}

/**
 * The error that hands on a problem: its status, and its code, type and texts as they came. What it does not say is
 * filled in from the core's error of the same code, else from `instead`. Undefined if it can't be handed on, because it
 * says neither code nor type, or what the core means by its code has another status.
 */
export function relayedError(
  problem: ReceivedProblem,
  status: number,
  instead: ErrorKind,
  options: Pick<AppErrorOptions, 'retryAfterMs' | 'challenges' | 'cause'> & {
    readonly parameters?: MessageParameters;
    /** What came as `Content-Language` with the problem. */
    readonly language?: string | undefined;
  } = {},
): AppError | undefined {
  const { code, title, detail, fields } = problem;
  const { language = '', ...carried } = options;
  const known = code !== undefined && isCoreErrorCode(code) ? coreErrors[code] : undefined;
  if (known !== undefined && known.status !== status) return undefined;
  const type = problem.type ?? (code === undefined ? undefined : problemTypeOf(code));
  if (type === undefined) return undefined;
  const like = known ?? instead;
  const kind: ErrorKind = {
    code: code ?? instead.code,
    owner: known?.owner,
    type,
    status,
    grpc: known?.grpc ?? grpcStatusOf(status),
    retryable: like.retryable,
    message: title === undefined ? like.message : { en: title, 'zh-CN': title },
    cause: like.cause,
    action: like.action,
    places: [],
    ...(title === undefined && detail === undefined ? {} : { language: isLanguage(language) ? language : '' }),
  };
  // The other program's words are whole: what looks like a place in them is none.
  const parameters = title === undefined ? (carried.parameters ?? {}) : {};
  return new AppError(kind, { ...carried, parameters, fields, ...(detail === undefined ? {} : { detail }) });
}

/** A tag of a language, or several (RFC 9110, 8.5). */
function isLanguage(value: string): boolean {
  return (
    value.length <= 100 &&
    /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*(?:\s*,\s*[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)*$/.test(value)
  );
}

/** One line of printable ASCII, as codes and URIs are. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestName && /^[\x21-\x7e]+$/.test(value);
}

function textOf(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, longest) : undefined;
}

/** The other program was asked in the caller's language, so its words can be handed on. */
function readField(value: unknown): FieldProblem[] {
  if (typeof value !== 'object' || value === null || !('field' in value) || !('message' in value)) return [];
  const { field, message } = value;
  if (typeof field !== 'string' || typeof message !== 'string') return [];
  return [{ field, message, code: 'code' in value && isName(value.code) ? value.code : 'NOT_VALID' }];
}
