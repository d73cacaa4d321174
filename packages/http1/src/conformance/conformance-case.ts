import type { Limits } from '../fields/limits.ts';
import type { Reason } from '../reasons/reasons.ts';

/** One request that a conforming server reads out of a case's bytes. */
export interface ExpectedRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly body?: string;
  readonly trailers?: readonly string[];
}

/** Bytes of a client, what the RFC says about them and how this codec reads them. */
export interface RequestCase {
  readonly name: string;
  /** The bytes as latin1 text. */
  readonly bytes: string;
  /** The rule, with its place: 9112 and 9110 are RFC numbers. */
  readonly rule: string;
  /** Complete requests to be read, in order. */
  readonly reads: readonly ExpectedRequest[];
  /** Why reading then stops; absent when nothing is refused. */
  readonly refused?: Reason;
  /** What was not complete yet at the end of the bytes. */
  readonly unfinished?: 'head' | 'body';
  readonly limits?: Partial<Limits>;
}

/** Bytes of an upstream in answer to one request. */
export interface ResponseCase {
  readonly name: string;
  readonly bytes: string;
  readonly rule: string;
  /** The method of the request that is answered. Default GET. */
  readonly method?: string;
  /** Protocols that the request offered with Upgrade. */
  readonly offered?: readonly string[];
  /** Status codes read, informational ones first. */
  readonly statuses: readonly number[];
  readonly body?: string;
  readonly trailers?: readonly string[];
  readonly refused?: Reason;
  /** The connection ended too early: a client must be able to notice. */
  readonly cut?: true;
  /** Bytes after the response that belong to no request: the connection must not be used again. */
  readonly extraBytes?: number;
}

/** The host of the cases that are about something else. */
export const HOST = 'a.example';

/** A GET of `/` with these field lines, each given without its line end. */
export function get(...lines: string[]): string {
  return head('GET / HTTP/1.1', `Host: ${HOST}`, ...lines);
}

/** A POST to `/` with these field lines. */
export function post(...lines: string[]): string {
  return head('POST / HTTP/1.1', `Host: ${HOST}`, ...lines);
}

/** Lines with their ends and the empty line. */
export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** A POST with a chunked body of these bytes. */
export function chunked(body: string): string {
  return post('Transfer-Encoding: chunked') + body;
}

/** A case that is refused before any request is read. */
export function refused(name: string, refused: Reason, rule: string, bytes: string): RequestCase {
  return { name, bytes, rule, reads: [], refused };
}

/** A case with one request for `/` at HOST. */
export function reads(name: string, rule: string, bytes: string, request: Partial<ExpectedRequest> = {}): RequestCase {
  return { name, bytes, rule, reads: [{ method: bytes.split(' ', 1)[0] ?? '', target: '/', host: HOST, ...request }] };
}
