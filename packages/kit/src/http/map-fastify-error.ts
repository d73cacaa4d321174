import { AppError, isAppError } from '@flotilla/contracts';
import type { BodyReader } from './dialect.ts';

/** The fields of Fastify's own errors that we use. */
interface FrameworkError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
}

/** Turns anything thrown during a request into an {@link AppError}, with the original as its cause. */
export function mapFastifyError(error: unknown, bodyLimitBytes: number, bodies: readonly BodyReader[]): AppError {
  if (isAppError(error)) return error;
  const { code, statusCode } = typeof error === 'object' && error !== null ? (error as FrameworkError) : {}; // Only read here, and checked below.
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes: bodyLimitBytes }, cause: error });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new AppError('UNSUPPORTED_MEDIA_TYPE', {
        parameters: { expected: bodies.map(({ type }) => type).join(', ') },
        cause: error,
      });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('BAD_MESSAGE', {
        detail: 'The length of the body does not match Content-Length.',
        cause: error,
      });
    case 'FST_ERR_BAD_URL':
      return new AppError('INVALID_REQUEST', { detail: 'The path is not valid percent-encoded UTF-8.', cause: error });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new AppError('URI_TOO_LONG', { cause: error });
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return new AppError('CLIENT_CLOSED_REQUEST', { cause: error });
  }
  const framework = typeof code === 'string' && code.startsWith('FST_ERR_');
  if (framework && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new AppError('INVALID_REQUEST', { cause: error });
  return new AppError('INTERNAL', { cause: error });
}
