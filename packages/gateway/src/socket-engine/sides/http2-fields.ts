import type { OutgoingHttpHeaders } from 'node:http2';
import type { HeaderList } from '../../headers/header-list.ts';
import type { AnswerHead } from './client-side.ts';
import type { OutgoingRequest } from './upstream-side.ts';

/** Fields that HTTP/2 has no place for (RFC 9113, 8.2.2), in lower case. Node throws when it is given one. */
const forbidden: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** An answer's head as `[name, value, …]`, the form in which repeated fields of any name stay apart and in order. */
export function answerFields(head: AnswerHead): string[] {
  const list = [':status', String(head.status)];
  for (let at = 0; at < head.fields.length; at += 2) {
    const name = (head.fields[at] ?? '').toLowerCase();
    if (!forbidden.has(name)) list.push(name, head.fields[at + 1] ?? '');
  }
  // A 205 ends with its head here: a length would promise a body.
  if (head.contentLength >= 0 && head.status !== 205) list.push('content-length', String(head.contentLength));
  return list;
}

/** A request's head in the same form. */
export function requestFields(
  { contentLength, expectContinue, fields, method, target }: OutgoingRequest,
  scheme: string,
): string[] {
  const list = [':method', method, ':scheme', scheme, ':path', target];
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase();
    if (name === 'host') list.push(':authority', fields[at + 1] ?? '');
    else if (!forbidden.has(name)) list.push(name, fields[at + 1] ?? '');
  }
  if (contentLength >= 0) list.push('content-length', String(contentLength));
  if (expectContinue) list.push('expect', '100-continue');
  return list;
}

/** Fields for the calls of Node that take no list. */
export function fieldsObject(fields: HeaderList): OutgoingHttpHeaders {
  // Without a prototype: a field may be called `__proto__`. Object.create has no better type than any.
  const headers = Object.create(null) as Record<string, string | string[] | number>;
  for (let at = 0; at < fields.length; at += 2) {
    const name = (fields[at] ?? '').toLowerCase();
    const value = fields[at + 1] ?? '';
    if (forbidden.has(name)) continue;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else headers[name] = Array.isArray(before) ? [...before, value] : [String(before), value];
  }
  return headers;
}
