import type { ResponseHead } from '@flotilla/http1';
import type { RequestIdentity } from '../headers/request-head.ts';
import { clientResponseFields } from '../headers/response-fields.ts';
import type { AnswerHead } from './client-side.ts';

/** An upstream's answer as it begins for the client. */
export function relayedHead(head: ResponseHead, identity: RequestIdentity): AnswerHead {
  return {
    status: head.status,
    reasonPhrase: head.reasonPhrase,
    fields: clientResponseFields(head, identity),
    contentLength: head.contentLength,
    hasBody: head.framing !== 'none',
  };
}
