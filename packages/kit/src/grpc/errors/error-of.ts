import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import {
  AppError,
  type CoreErrorCode,
  type GrpcStatus,
  kindOf,
  type Locale,
  readProblem,
  relayedError,
} from '@flotilla/contracts';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '../generated/google/rpc/error_details_pb.ts';
import { type Status, StatusSchema } from '../generated/google/rpc/status_pb.ts';
import type { CallStatus } from '../wire/call-status.ts';

/** What is said of an error of which only the status is known. */
const coreErrorOf: Readonly<Record<GrpcStatus, CoreErrorCode>> = {
  CANCELLED: 'SERVICE_UNAVAILABLE',
  UNKNOWN: 'BAD_GATEWAY',
  INVALID_ARGUMENT: 'INVALID_REQUEST',
  DEADLINE_EXCEEDED: 'GATEWAY_TIMEOUT',
  NOT_FOUND: 'NOT_FOUND',
  ALREADY_EXISTS: 'ALREADY_EXISTS',
  PERMISSION_DENIED: 'FORBIDDEN',
  RESOURCE_EXHAUSTED: 'TOO_MANY_REQUESTS',
  FAILED_PRECONDITION: 'CONFLICT',
  ABORTED: 'CONFLICT',
  OUT_OF_RANGE: 'INVALID_REQUEST',
  UNIMPLEMENTED: 'BAD_GATEWAY',
  INTERNAL: 'BAD_GATEWAY',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  DATA_LOSS: 'BAD_GATEWAY',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
};

/** A status that says an error. */
export type FailedStatus = CallStatus & { readonly status: GrpcStatus };

/**
 * The error that a status says: of one of our programs the very error that it threw, with its code, fields and texts, and when
 * to try again; of any other program the core's error for its status.
 *
 * @param asked the name of the service that was called, and the language that its texts are in
 */
export function errorOf(failed: FailedStatus, asked: { readonly service: string; readonly locale: Locale }): AppError {
  const details = detailsOf(failed);
  const info = find(details, ErrorInfoSchema);
  const delay = find(details, RetryInfoSchema)?.retryDelay;
  const retry = delay === undefined ? {} : { retryAfterMs: Number(delay.seconds) * 1000 + delay.nanos / 1_000_000 };
  const httpStatus = Number(info?.metadata['http_status']);
  const problem = readProblem({
    code: info?.reason,
    title: info?.metadata['title'] ?? failed.message,
    detail: info?.metadata['detail'],
    errors: find(details, BadRequestSchema)?.fieldViolations.map(({ field, reason, description }) => ({
      field,
      message: description,
      ...(reason === '' ? {} : { code: reason }),
    })),
  });
  const core = kindOf(coreErrorOf[failed.status]);
  const parameters = { service: asked.service };
  if (problem?.code !== undefined && httpStatus >= 400 && httpStatus <= 599) {
    const relayed = relayedError(problem, httpStatus, core, { ...retry, parameters, language: asked.locale });
    if (relayed !== undefined) return withStatus(relayed, failed.status);
  }
  const fields = problem?.fields ?? [];
  // What another program has put into words is kept, but not as our own.
  const words = failed.message === '' ? {} : { detail: failed.message.slice(0, 1_000) };
  return new AppError(core, { parameters, fields, ...retry, ...(core.status < 500 ? words : {}) });
}

/** The status is known, so it need not be guessed. */
function withStatus(error: AppError, grpc: GrpcStatus): AppError {
  if (error.kind.grpc === grpc) return error;
  const { parameters, fields, detail, retryAfterMs } = error;
  return new AppError(
    { ...error.kind, grpc },
    {
      parameters,
      fields,
      ...(detail === undefined ? {} : { detail }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
}

/** None if they cannot be read: the status still says what matters. */
function detailsOf({ details }: CallStatus): Status['details'] {
  if (details === undefined) return [];
  try {
    return fromBinary(StatusSchema, details).details;
  } catch {
    return [];
  }
}

function find<Desc extends DescMessage>(details: Status['details'], schema: Desc): MessageShape<Desc> | undefined {
  const packed = details.find(({ typeUrl }) => typeUrl.slice(typeUrl.lastIndexOf('/') + 1) === schema.typeName);
  if (packed === undefined) return undefined;
  try {
    return fromBinary(schema, packed.value);
  } catch {
    return undefined;
  }
}
