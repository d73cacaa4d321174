import type { ErrorCode } from '@flotilla/contracts';

/** The error for a message that the codec refused with this status. */
export function rejectionCode(status: number): ErrorCode {
  switch (status) {
    case 413:
      return 'PAYLOAD_TOO_LARGE';
    case 414:
      return 'URI_TOO_LONG';
    case 431:
      return 'HEADERS_TOO_LARGE';
    case 501:
      return 'NOT_IMPLEMENTED';
    case 505:
      return 'HTTP_VERSION_NOT_SUPPORTED';
    default:
      return 'BAD_MESSAGE';
  }
}
