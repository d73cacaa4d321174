/**
 * The hostile and odd messages that this codec is held to, for whoever sends them over sockets too, and two functions that
 * read a whole connection with it. For tests: nothing here is fast or bounded.
 */
import type { RequestCase } from './conformance-case.ts';
import { FIELD_CASES } from './field-cases.ts';
import { FRAMING_CASES } from './framing-cases.ts';
import { START_LINE_CASES } from './start-line-cases.ts';

export type { ExpectedRequest, RequestCase, ResponseCase } from './conformance-case.ts';
export { type ReadRequest, type RequestReading, readRequests } from './read-requests.ts';
export { type ResponseReading, readResponse } from './read-responses.ts';
export { RESPONSE_CASES } from './response-cases.ts';

/** What clients send. */
export const REQUEST_CASES: readonly RequestCase[] = [...START_LINE_CASES, ...FIELD_CASES, ...FRAMING_CASES];
