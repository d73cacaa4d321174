import { CRLF, parsedFieldLine, parsedRequestLine } from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';

/**
 * The head of the request to the upstream, written anew: nothing of the client's framing is copied.
 *
 * @param fields the end-to-end fields and ours, all out of the parser or made by the gateway, so not checked once more
 */
export function requestHeadText(request: IncomingRequest, target: string, fields: HeaderList): string {
  let text = parsedRequestLine(request.head.method, target);
  for (let at = 0; at < fields.length; at += 2) text += parsedFieldLine(fields[at] ?? '', fields[at + 1] ?? '');
  if (request.framing === 'length') text += `Content-Length: ${request.contentLength}\r\n`;
  else if (request.framing === 'chunked') text += 'Transfer-Encoding: chunked\r\n';
  if (request.expectContinue) text += 'Expect: 100-continue\r\n';
  if (request.offered.length > 0) text += `Connection: Upgrade\r\nUpgrade: ${request.offered.join(', ')}\r\n`;
  return text + CRLF;
}
