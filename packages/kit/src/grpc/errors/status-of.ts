import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type AppError, fieldMessage } from '@flotilla/contracts';
import type { RequestContext } from '../../http/request-context.ts';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from '../generated/google/rpc/error_details_pb.ts';
import { StatusSchema } from '../generated/google/rpc/status_pb.ts';
import type { CallStatus } from '../wire/call-status.ts';
import { statusNumber } from '../wire/status-codes.ts';

/** The domain of our codes in `google.rpc.ErrorInfo`. */
const errorDomain = 'flotilla';

/** Peers limit all trailers together, often to 8 KiB; longer ones end the call without a status, or even its connection. */
const longestMessage = 400;
const longestDetail = 400;
const longestField = 200;
const mostFields = 16;

/**
 * How a call ends with `error`: the status of its kind, its message in the caller's language, and in the details what HTTP's
 * problem has (RFC 9457). Its cause stays behind.
 */
export function statusOf(error: AppError, context: Pick<RequestContext, 'locale' | 'requestId'>): CallStatus {
  const { locale, requestId } = context;
  const status = error.kind.grpc;
  const title = cut(error.messageIn(locale), longestDetail);
  // It may repeat what the caller sent.
  const said = error.detailIn(locale);
  const detail = said === undefined ? undefined : cut(said, longestDetail);
  const problems = error.fields.slice(0, mostFields).map((problem) => ({
    code: problem.code,
    field: cut(fieldName(problem.field), longestField),
    text: cut(fieldMessage(problem, locale), longestField),
  }));
  // Many programs show nothing but the message.
  const particulars = [detail, ...problems.map(({ field, text }) => `${field} ${text}`.trimStart())].filter(
    (text) => text !== undefined,
  );
  const whole = particulars.length === 0 ? title : `${title}: ${particulars.join('; ')}`;
  const message = cut(whole, longestMessage);
  const details = [
    packed(ErrorInfoSchema, {
      reason: error.code,
      domain: errorDomain,
      metadata: { http_status: String(error.status), title, ...(detail === undefined ? {} : { detail }) },
    }),
    packed(RequestInfoSchema, { requestId }),
  ];
  if (problems.length > 0) {
    const fieldViolations = problems.map(({ field, code, text }) => ({
      field,
      reason: code,
      description: text,
    }));
    details.push(packed(BadRequestSchema, { fieldViolations }));
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.floor(error.retryAfterMs / 1000);
    const nanos = Math.round((error.retryAfterMs - seconds * 1000) * 1_000_000);
    details.push(packed(RetryInfoSchema, { retryDelay: { seconds: BigInt(seconds), nanos } }));
  }
  const encoded = toBinary(StatusSchema, create(StatusSchema, { code: statusNumber(status), message, details }));
  return { status, message, details: encoded };
}

/** A field as a path of names, `address.city`. Functions that serve HTTP as well name it as HTTP does: `/address/city`, `?limit`, `{id}`. */
function fieldName(field: string): string {
  if (field.startsWith('/')) return field.slice(1).replaceAll('/', '.');
  return field.replace(/^[?{]|\}$/g, '');
}

function packed<Desc extends DescMessage>(
  schema: Desc,
  init: MessageInitShape<Desc>,
): { typeUrl: string; value: Uint8Array } {
  return { typeUrl: `type.googleapis.com/${schema.typeName}`, value: toBinary(schema, create(schema, init)) };
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}
