import { coreErrors, type ErrorKind } from '@flotilla/contracts';

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
