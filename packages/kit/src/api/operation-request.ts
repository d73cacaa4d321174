import { randomUUID } from 'node:crypto';
import { headerNames, type Locale } from '@flotilla/contracts';
import type { TraceContext } from '../telemetry/index.ts';
import type { Operation } from './operation.ts';

/** On whose behalf an operation is called, and how. */
export interface OperationCallOptions {
  /** The request that causes the call: passed on, so that one request has one id in all logs. */
  readonly requestId?: string | undefined;
  /** The span that the call belongs to; sent as `traceparent`. */
  readonly trace?: TraceContext | undefined;
  /** The language in which errors are told. Default: that of the service. */
  readonly locale?: Locale | undefined;
  /** Change the record only if it still has this tag; see `tagged`. Default: change it whatever it is. */
  readonly ifMatch?: string | undefined;
  /**
   * Names what an idempotent operation is to do once, however often it is sent. Default: a new one for each call, so that a
   * call is done once although it may be sent to several instances.
   */
  readonly idempotencyKey?: string | undefined;
}

/** What is sent for one call of an operation. */
export interface OperationRequest {
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** The parameters and the body of a call, by name. */
export type GivenArguments = Readonly<Record<string, unknown>>;

/**
 * Makes the request of a call.
 *
 * @throws TypeError when a parameter of the path is missing, or would be no segment of it
 */
export function operationRequest(
  operation: Operation,
  given: GivenArguments,
  options: OperationCallOptions,
): OperationRequest {
  const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) =>
    segmentOf(operation, name, given[name]),
  );
  const query = new URLSearchParams();
  for (const name of Object.keys(operation.query))
    for (const value of [given[name]].flat()) if (value !== undefined) query.append(name, textOf(value));
  const search = query.toString();
  return {
    path: search === '' ? path : `${path}?${search}`,
    body: operation.body === undefined ? undefined : given['body'],
    headers: headersOf(operation, options),
  };
}

function segmentOf({ id }: Operation, name: string, value: unknown): string {
  const text = value === undefined ? '' : textOf(value);
  // With these, the path would be another one.
  if (text === '' || text === '.' || text === '..')
    throw new TypeError(`${id} cannot be called with ${name} ${JSON.stringify(text)}`);
  return encodeURIComponent(text);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function headersOf({ idempotent }: Operation, options: OperationCallOptions): Record<string, string> {
  const { locale, ifMatch, idempotencyKey } = options;
  return {
    ...(locale === undefined ? {} : { 'accept-language': locale }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(idempotent ? { [headerNames.idempotencyKey]: quoted(idempotencyKey ?? randomUUID()) } : {}),
  };
}

/** A text of RFC 8941, 3.3.3. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
