import { isToken } from '../bytes/token.ts';
import type { FieldList } from '../fields/field-list.ts';
import { isTarget } from '../head/target.ts';
import { CRLF, fieldLines, isFieldValue } from './field-line.ts';

/** `method SP target SP HTTP/1.1 CRLF`. Throws a TypeError when either could end the line or add a part to it. */
export function requestLine(method: string, target: string): string {
  if (!isToken(method)) throw new TypeError('The method is not a token: use a name such as GET.');
  if (!isTarget(target))
    throw new TypeError('The request target contains a character that is not allowed there: encode it.');
  return `${method} ${target} HTTP/1.1\r\n`;
}

/** Like `requestLine` without a check: only for a method and target that a parser of this package gave out unchanged. */
export function parsedRequestLine(method: string, target: string): string {
  return `${method} ${target} HTTP/1.1\r\n`;
}

/** `HTTP/1.1 SP status SP reason CRLF`. Throws a TypeError for a status outside 100 to 599 or a reason with controls. */
export function statusLine(status: number, reasonPhrase = ''): string {
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new TypeError('The status must be a whole number between 100 and 599.');
  }
  if (!isFieldValue(reasonPhrase)) throw new TypeError('The reason phrase contains a character that cannot be sent.');
  return `HTTP/1.1 ${status} ${reasonPhrase}\r\n`;
}

/** Like `statusLine` without a check: only for parts that a parser of this package gave out unchanged. */
export function parsedStatusLine(status: number, reasonPhrase: string): string {
  return `HTTP/1.1 ${status} ${reasonPhrase}\r\n`;
}

/** A whole request head, everything checked. Write it with `socket.write(head, 'latin1')`. */
export function requestHead(method: string, target: string, fields: FieldList): string {
  return requestLine(method, target) + fieldLines(fields) + CRLF;
}

/** A whole response head, everything checked. Write it with `socket.write(head, 'latin1')`. */
export function responseHead(status: number, reasonPhrase: string, fields: FieldList): string {
  return statusLine(status, reasonPhrase) + fieldLines(fields) + CRLF;
}
