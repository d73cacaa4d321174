import type { PlainFields } from './line-shape.ts';

/** An error as profiles show it: in a few flat fields. */
export interface FlatError {
  readonly type: string | undefined;
  readonly message: string | undefined;
  /** Its stack, followed by its causes and by the errors it gathers, each with its own. */
  readonly stack: string | undefined;
  readonly code: string | undefined;
  /** What else it says: `syscall`, `port`. Undefined: nothing. */
  readonly details: PlainFields | undefined;
}

/** Fields that may hold the error that a line is about, most likely first. */
const errorNames = ['err', 'error', 'cause'] as const;

/** The name of the field with the error that a line is about; undefined if it is about none. */
export function errorNameOf(fields: PlainFields): string | undefined {
  return errorNames.find((name) => isObject(fields[name]) && 'message' in fields[name]);
}

/** A serialized error with its causes in one text. */
export function flatError(error: unknown): FlatError {
  const { type, message, stack, code, cause, errors, ...details } = isObject(error) ? error : {};
  const causes = [
    ...(Array.isArray(errors) ? errors.map((one: unknown) => `One of: ${stackText(one)}`) : []),
    ...(cause === undefined ? [] : [`Caused by: ${stackText(cause)}`]),
  ];
  const own = typeof stack === 'string' ? stack : causes.length > 0 ? title(type, message) : undefined;
  return {
    type: textOf(type),
    message: textOf(message),
    stack: own === undefined ? undefined : [own, ...causes].join('\n'),
    code: textOf(code),
    details: Object.keys(details).length === 0 ? undefined : details,
  };
}

/** The same error as the native profile has it, as far as flat fields tell. */
export function unflattened({ type, message, stack, code, details }: FlatError): PlainFields {
  return { ...withoutUndefined({ type, message, stack, code }), ...details };
}

/** `fields` without those that have no value. */
export function withoutUndefined(fields: PlainFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function stackText(error: unknown): string {
  const { stack } = flatError(error);
  if (stack !== undefined) return stack;
  return isObject(error) ? title(error['type'], error['message']) : String(error);
}

function title(type: unknown, message: unknown): string {
  return [textOf(type), textOf(message)].filter((part) => part !== undefined).join(': ');
}
