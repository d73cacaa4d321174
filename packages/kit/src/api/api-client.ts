import {
  AppError,
  coreErrors,
  type ErrorKind,
  isAppError,
  kindOf,
  readProblem,
  relayedError,
} from '@flotilla/contracts';
import { callMetrics, createServiceCaller, endpointUrl, type ServiceCallerOptions } from '../calling/index.ts';
import { createHttpClient, describeFailure, type FailedCall } from '../client/index.ts';
import { errorsOf } from './errors-of.ts';
import { nextCursor } from './next-cursor.ts';
import type { Operation, OperationTypes, RowOf, TypeOf } from './operation.ts';
import { type GivenArguments, type OperationCallOptions, operationRequest } from './operation-request.ts';

/** What {@link apiClient} needs: where the service is, and how long a call may take. */
export interface ApiClientOptions extends Omit<ServiceCallerOptions, 'unavailable'> {
  /** The error of a call that no instance could answer. Default SERVICE_UNAVAILABLE, with the name of the service. */
  readonly unavailable?: ErrorKind<never>;
}

type SentBy<T extends OperationTypes> = TypeOf<T, 'sends', TypeOf<T, 'body', undefined>>;

/** Parameters as callers give them: a cursor is the text that came with the page before. */
type GivenParameters<Values> = {
  readonly [Name in keyof Values]: Name extends 'cursor' ? string | undefined : Values[Name];
};

/** The parameters of an operation by name, and its body as `body`. */
export type OperationArguments<T extends OperationTypes> = TypeOf<T, 'params', unknown> &
  GivenParameters<TypeOf<T, 'query', unknown>> &
  (undefined extends SentBy<T> ? unknown : { readonly body: SentBy<T> });

/** One page of a list. */
export interface ClientPage<Row> {
  readonly rows: readonly Row[];
  /** The `cursor` of the page after this one, for a caller that keeps its place; undefined on the last. */
  readonly cursor: string | undefined;
  /** Fetches the page after this one; undefined on the last. */
  readonly next: (() => Promise<ClientPage<Row>>) | undefined;
}

/** What a call returns. */
export type OperationAnswer<T extends OperationTypes> =
  TypeOf<T, 'paged', false> extends true
    ? ClientPage<RowOf<TypeOf<T, 'answer', never>>>
    : TypeOf<T, 'answer', undefined>;

/** An answer, and the tag of what it shows. */
export interface TaggedAnswer<Value> {
  readonly value: Value;
  /** For `ifMatch` of a later change. */
  readonly etag: string | undefined;
}

/** Calls one operation. */
export interface ClientOperation<T extends OperationTypes> {
  /**
   * @throws {AppError} the error that the service answered, if the operation has it; else the `unavailable` of the options, when
   *   no instance gave a proper answer in time
   * @throws {Error} when no request can be made of what was given
   */
  (given: OperationArguments<T>, options?: OperationCallOptions): Promise<OperationAnswer<T>>;
  /** The same, with the `ETag` of the answer. */
  tagged(given: OperationArguments<T>, options?: OperationCallOptions): Promise<TaggedAnswer<OperationAnswer<T>>>;
}

/** A client of a service: a function for each of its operations. */
export type ApiClient<A> = {
  readonly [Name in keyof A]: A[Name] extends Operation<infer T> ? ClientOperation<T> : never;
} & {
  /** For a health check: throws while no instance of the service is known. */
  check(): void;
  /** Closes the connections. */
  close(): void;
};

/**
 * Creates a client of an API. It finds the service through the registry and follows its instances from now on; if one fails,
 * it tries another, where sending a request again cannot do harm. Answers are checked: fields that a newer service has added
 * are left out.
 *
 * ```ts
 * const carts = apiClient(cartApi, { discovery, clock, service: 'cart-service' });
 * const cart = await carts.getCart({ id: 1 });
 * ```
 */
export function apiClient<const A extends { readonly [Name in keyof A]: Operation }>(
  api: A,
  options: ApiClientOptions,
): ApiClient<A> {
  const unavailable = options.unavailable ?? unavailableOf(options.service);
  const { retryAfterMs = 1_000 } = options;
  const caller = createServiceCaller({ ...options, unavailable });
  const http = createHttpClient();
  const measure = options.metrics && callMetrics(options.metrics);

  const send = async (operation: Operation, given: GivenArguments, how: OperationCallOptions): Promise<Sent> => {
    const { path, body, headers } = operationRequest(operation, given, how);
    const outcome = await caller.call(async (endpoint, limits): Promise<Sent | Lost> => {
      const startedMs = options.clock.monotonicMs();
      const result = await http.tryService({
        ...limits,
        baseUrl: endpointUrl(endpoint),
        path,
        pathTemplate: operation.path,
        method: operation.method,
        body,
        headers,
        requestId: how.requestId,
        trace: how.trace,
        clock: options.clock,
        ...(operation.answer === undefined ? {} : { schema: operation.answer }),
      });
      const durationMs = options.clock.monotonicMs() - startedMs;
      measure?.({ endpoint, method: operation.method, durationMs, result });
      if (result.kind === 'ok') return { kind: 'sent', value: result.value, headers: result.headers };
      const error = errorIn(result, operation);
      if (error !== undefined) throw error;
      // A mistake of the caller, which no instance can help with; unless it is in the address, which is the instance's.
      if (result.kind === 'unsendable' && URL.canParse(endpointUrl(endpoint))) throw describeFailure(result);
      const failure = new AppError(unavailable, { cause: describeFailure(result), retryAfterMs });
      // Nobody knows whether it was done. Unless it was never sent, it must not be done twice.
      const isUnsent = result.kind === 'refused' || result.kind === 'unsendable';
      if (!isRepeatable(operation) && !isUnsent) return { kind: 'lost', failure };
      throw failure;
    });
    if (outcome.kind === 'lost') throw outcome.failure;
    return outcome;
  };

  const cursorIn = ({ headers }: Sent, given: GivenArguments): string | undefined => {
    try {
      return nextCursor(headers['link'], given['cursor']);
    } catch (cause) {
      throw new AppError(unavailable, { cause, retryAfterMs });
    }
  };

  const pageOf = (operation: Operation, given: GivenArguments, how: OperationCallOptions, sent: Sent): unknown => {
    const cursor = cursorIn(sent, given);
    const next = (): Promise<unknown> => call(operation, { ...given, cursor }, how).then(({ value }) => value);
    return { rows: sent.value, cursor, next: cursor === undefined ? undefined : next };
  };

  const call = async (
    operation: Operation,
    given: GivenArguments,
    how: OperationCallOptions = {},
  ): Promise<TaggedAnswer<unknown>> => {
    const sent = await send(operation, given, how);
    const value = operation.paged ? pageOf(operation, given, how, sent) : sent.value;
    return { value, etag: sent.headers['etag'] };
  };

  const operations = Object.values<Operation>(api).map((operation) => {
    const answer = async (given: GivenArguments, how?: OperationCallOptions): Promise<unknown> =>
      (await call(operation, given, how)).value;
    const tagged = (given: GivenArguments, how?: OperationCallOptions): Promise<TaggedAnswer<unknown>> =>
      call(operation, given, how);
    return [operation.id, Object.assign(answer, { tagged })] as const;
  });
  const client = { ...Object.fromEntries(operations), check: () => caller.check(), close: () => http.close() };
  // One function was made of each operation, and its schemas are those of its types.
  return client as unknown as ApiClient<A>;
}

function unavailableOf(service: string): ErrorKind<never> {
  const { SERVICE_UNAVAILABLE: kind } = coreErrors;
  const named = (text: string): string => text.replace('{service}', () => service);
  return { ...kind, message: { en: named(kind.message.en), 'zh-CN': named(kind.message['zh-CN']) }, places: [] };
}

/** A proper answer. */
interface Sent {
  readonly kind: 'sent';
  readonly value: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & { readonly etag?: string | undefined };
}

/** A request of which nobody knows whether it was done. */
interface Lost {
  readonly kind: 'lost';
  readonly failure: AppError;
}

/** Whether a request may be sent again when nobody knows whether it was done (RFC 9110, 9.2.2). */
function isRepeatable({ method, idempotent }: Operation): boolean {
  return idempotent || method === 'GET' || method === 'PUT' || method === 'DELETE';
}

/** The error that the service answered with; undefined if the operation has no such error: something else may answer there. */
function errorIn(result: FailedCall, operation: Operation): AppError | undefined {
  if (result.kind !== 'status' || result.status >= 500) return undefined;
  const kind = [...errorsOf(operation)].map(kindOf).find(({ code }) => code === result.code);
  const problem = readProblem(result.body);
  if (kind === undefined || problem === undefined) return undefined;
  const error = relayedError(problem, result.status, kind);
  return error !== undefined && isAppError(error, kind) ? error : undefined;
}
