import type { DescMessage, DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { AppError, authorityOf, type Endpoint, ForeseenError, headerNames, type Locale } from '@flotilla/contracts';
import { startDeadline } from '@flotilla/contracts/time';
import { orderOfAttempts } from '../../calling/attempt-order.ts';
import type { ServiceCallerOptions } from '../../calling/index.ts';
import { describeFailure } from '../../client/index.ts';
import { formatTraceparent, type TraceContext } from '../../telemetry/index.ts';
import { errorOf } from '../errors/error-of.ts';
import { checkMetadata } from '../wire/metadata.ts';
import { AttemptTelemetry } from './attempt-telemetry.ts';
import { type CallResult, callUnary } from './call-unary.ts';
import { GrpcSessions } from './grpc-sessions.ts';

/** What {@link createGrpcCaller} needs. */
export interface GrpcCallerOptions extends ServiceCallerOptions {
  /** Larger answers are refused. Default 4 MiB, as in other languages. */
  readonly maxMessageBytes?: number;
  /** How long a connection without calls is kept. Default 60 000. */
  readonly idleMs?: number;
}

/** For whom a call is made. What a handler gets, of gRPC or of HTTP, can be passed on as it is. */
export interface OutgoingCall {
  readonly requestId?: string | undefined;
  readonly trace?: TraceContext | undefined;
  /** The language of messages. Default `en`. */
  readonly locale?: Locale | undefined;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** How much time is left; the call takes no longer. Default: the deadline of the caller's options. */
  leftMs?(): number | undefined;
  /** Metadata to send, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether the call may be sent again when nobody knows if it was carried out. Default: what `idempotency_level` of the method
   * says in the .proto file. A call with an idempotency key in `headers` may be repeated, too.
   */
  readonly repeatable?: boolean;
}

/** A client of one service: a function for each method with one request and one answer. */
export type GrpcClient<Service extends DescService> = {
  readonly [Name in keyof Service['method'] as Service['method'][Name] extends DescMethodUnary<DescMessage, DescMessage>
    ? Name
    : never]: Service['method'][Name] extends DescMethodUnary<infer Input, infer Output>
    ? (request: MessageInitShape<Input>, call?: OutgoingCall) => Promise<MessageShape<Output>>
    : never;
};

/** Calls one service over gRPC, on whichever instance can answer. */
export interface GrpcCaller {
  /**
   * The client of a service of a .proto file. Its functions throw the error that the service answered with, an `AppError` with
   * its code; or the one given as `unavailable`, with `Retry-After`, when no instance is known or none answered. An `Error`
   * that is none of these says that no message can be made of the request.
   */
  client<Service extends DescService>(service: Service): GrpcClient<Service>;
  /** For a health check: throws, with the reason, while no instance that offers gRPC is known. Sends nothing. */
  check(): void;
  /** Closes the connections, also of calls in flight. */
  close(): void;
}

/** Where an instance says on which port it serves gRPC. */
const portName = 'grpc_port';
const idempotencyKey = 'idempotency-key';

/** Creates a caller. It follows the service from now on, so that the first call need not wait for the registry. */
export function createGrpcCaller(options: GrpcCallerOptions): GrpcCaller {
  const { discovery, clock, service } = options;
  const sessions = new GrpcSessions(clock, options.idleMs ?? 60_000);
  const telemetry = new AttemptTelemetry(clock, options.metrics);
  let turn = 0;
  discovery.snapshot(service);

  return {
    client<Service extends DescService>(descriptor: Service) {
      const functions = descriptor.methods.map((method): [string, unknown] => {
        if (method.methodKind !== 'unary') return [method.localName, undefined];
        const unary: DescMethodUnary = { ...method, methodKind: 'unary' };
        return [
          method.localName,
          (request: MessageInitShape<DescMessage>, outgoing: OutgoingCall = {}) => call(unary, request, outgoing),
        ];
      });
      // One function was made of each method, under its name.
      return Object.fromEntries(functions) as GrpcClient<Service>;
    },
    check() {
      const { state, endpoints } = discovery.snapshot(service);
      if (grpcEndpoints(endpoints).length > 0) return;
      throw new Error(state === 'unknown' ? 'the registry has not answered yet' : noInstance(endpoints));
    },
    close: () => sessions.close(),
  };

  async function call(
    method: DescMethodUnary,
    request: MessageInitShape<DescMessage>,
    outgoing: OutgoingCall,
  ): Promise<MessageShape<DescMessage>> {
    const { signal } = outgoing;
    const repeatable = isRepeatable(method, outgoing);
    const afterMs = Math.min(options.deadlineMs ?? 2_000, outgoing.leftMs?.() ?? Number.POSITIVE_INFINITY);
    const deadline = startDeadline({ clock, afterMs, signal });
    try {
      const endpoints = await known(deadline.signal);
      turn += 1;
      let failure: unknown = new ForeseenError(noInstance(endpoints));
      const attempts = orderOfAttempts(grpcEndpoints(endpoints), turn).slice(0, options.maxAttempts ?? 3);
      for (const [resendCount, endpoint] of attempts.entries()) {
        const timeoutMs = Math.min(options.attemptTimeoutMs ?? 800, deadline.leftMs());
        if (timeoutMs <= 0) break;
        const told = { method: `${method.parent.typeName}/${method.name}`, service, endpoint, resendCount };
        const result = await telemetry.of({ ...told, parent: outgoing.trace }, (trace) =>
          callUnary(sessions, clock, {
            method,
            request,
            authority: authorityOf(endpoint),
            timeoutMs,
            signal: deadline.signal,
            headers: headersOf(outgoing, trace),
            maxMessageBytes: options.maxMessageBytes ?? 4_194_304,
          }),
        );
        if (result.kind === 'ok') return result.answer;
        if (signal?.aborted === true) throw new AppError('CLIENT_CLOSED_REQUEST', { cause: signal.reason });
        failure = failureOf(result, outgoing.locale ?? 'en');
        if (!repeatable && !isUntouched(result)) break;
      }
      throw unavailable(failure);
    } finally {
      deadline.cancel();
    }
  }

  /** Why an attempt failed; throws what counts as an answer. */
  function failureOf(result: Exclude<CallResult<unknown>, { readonly kind: 'ok' }>, locale: Locale): Error {
    // No instance can help with a mistake of the caller.
    if (result.kind === 'unsendable') throw describeFailure(result);
    if (result.kind !== 'status') return describeFailure(result);
    const error = errorOf(result.failed, { service, locale });
    // An instance of another version may not have the method.
    if (error.status < 500 && result.failed.status !== 'UNIMPLEMENTED') throw error;
    return new ForeseenError(`The service answered ${result.failed.status} ${error.code}`, { cause: error });
  }

  async function known(signal: AbortSignal): Promise<readonly Endpoint[]> {
    const snapshot = discovery.snapshot(service);
    if (snapshot.state !== 'unknown') return snapshot.endpoints;
    try {
      return (await discovery.whenKnown(service, signal)).endpoints;
    } catch (error) {
      throw unavailable(error);
    }
  }

  function unavailable(cause: unknown): AppError {
    return new AppError(options.unavailable, { cause, retryAfterMs: options.retryAfterMs ?? 1_000 });
  }

  function noInstance(all: readonly Endpoint[]): string {
    return all.length === 0
      ? `no instance of ${service} is registered`
      : `no instance of ${service} offers gRPC: none has ${portName} in its metadata`;
  }
}

/** The instances that offer gRPC, each with the port for it. */
function grpcEndpoints(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return endpoints.flatMap((endpoint) => {
    const port = Number(endpoint.metadata[portName]);
    return Number.isInteger(port) && port > 0 && port < 65_536 ? [{ ...endpoint, port }] : [];
  });
}

/** Whether the server cannot have begun to carry the call out. */
function isUntouched(result: CallResult<unknown>): boolean {
  return result.kind === 'refused' || (result.kind === 'status' && result.failed.status === 'UNIMPLEMENTED');
}

function isRepeatable({ idempotency }: DescMethodUnary, { repeatable, headers = {} }: OutgoingCall): boolean {
  const declared = idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  return repeatable ?? (declared || Object.hasOwn(headers, idempotencyKey));
}

function headersOf(
  { requestId, locale, headers = {} }: OutgoingCall,
  trace: TraceContext | undefined,
): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) checkMetadata(name, value);
  return {
    ...headers,
    ...(locale === undefined ? {} : { 'accept-language': locale }),
    ...(requestId === undefined ? {} : { [headerNames.requestId]: requestId }),
    ...(trace === undefined ? {} : { [headerNames.traceparent]: formatTraceparent(trace) }),
    ...(trace?.tracestate === undefined ? {} : { [headerNames.tracestate]: trace.tracestate }),
    ...(trace?.baggage === undefined ? {} : { [headerNames.baggage]: trace.baggage }),
  };
}
