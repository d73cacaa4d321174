import { AppError, coreErrors, type ErrorKind } from '@flotilla/contracts';
import { DEFAULT_LIMITS } from '@flotilla/http1';

/** The error for a message that the codec refused with this status. */
export function rejectionKind(status: number): ErrorKind {
  switch (status) {
    case 413:
      return coreErrors.PAYLOAD_TOO_LARGE;
    case 414:
      return coreErrors.URI_TOO_LONG;
    case 431:
      return coreErrors.HEADERS_TOO_LARGE;
    case 501:
      return coreErrors.NOT_IMPLEMENTED;
    case 505:
      return coreErrors.HTTP_VERSION_NOT_SUPPORTED;
    default:
      return coreErrors.BAD_MESSAGE;
  }
}

/** The error for a request whose body the codec refused. */
export function bodyError(status: number, reason: string, detail: string): AppError {
  const parameters = { limitBytes: DEFAULT_LIMITS.maxTrailerBytes };
  return new AppError(rejectionKind(status), { parameters, detail, cause: reason });
}
