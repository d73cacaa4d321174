import { AppError, type ErrorKind, rule, ruleIssue } from '@flotilla/contracts';
import { z } from 'zod';
import {
  decodeCursor,
  encodeCursor,
  maxPageSize,
  type Page,
  type PageQuery,
  type Precondition,
  readRecordId,
  readTags,
} from '../../resource/index.ts';
import { checkRequest, given } from './check-request.ts';

/**
 * The id of a record in a request. In JavaScript a 64-bit number is a `bigint`; ids end where JSON's numbers are exact.
 *
 * @param kind the error for an invalid id: a 400 of the service's contract
 * @param field its name in the `.proto` file
 * @throws {AppError} of that kind, with the field
 */
export function readRequestId(id: bigint, kind: ErrorKind<never>, field: string = 'id'): number {
  return readRecordId(given(id)?.toString(), field, kind);
}

/** A request for one page of a list. */
export interface PageMessage {
  /** `page_size`: 0 asks for the largest. */
  readonly pageSize: number;
  /** `page_token`: empty for the first page. */
  readonly pageToken: string;
}

const pageMessageSchema = z.object({
  page_size: z
    .int()
    .refine((size) => size >= 1 && size <= maxPageSize, rule('NOT_DIGITS', { min: 1, max: maxPageSize }))
    .optional(),
  page_token: z
    .string()
    .transform((token, context) => {
      const id = decodeCursor(token);
      if (id !== undefined) return id;
      context.addIssue(ruleIssue('NOT_A_PAGE_TOKEN'));
      return z.NEVER;
    })
    .optional(),
});

/** Which page a request asks for. @throws {AppError} INVALID_REQUEST, with each field that is wrong */
export function readPageMessage({ pageSize, pageToken }: PageMessage): PageQuery {
  const { page_size, page_token } = checkRequest(pageMessageSchema, {
    page_size: given(pageSize),
    page_token: given(pageToken),
  });
  return { limit: page_size, cursor: page_token };
}

/** `next_page_token` of an answer: empty on the last page. */
export function nextPageToken({ nextAfterId }: Page<unknown>): string {
  return nextAfterId === undefined ? '' : encodeCursor(nextAfterId);
}

/** The condition of a write, from `if_match`; undefined if it is not set. @throws {AppError} INVALID_REQUEST */
export function readIfMatch(ifMatch: string | undefined): Precondition | undefined {
  if (ifMatch === undefined) return undefined;
  const match = readTags(ifMatch);
  if (match !== undefined) return { match, noneMatch: [] };
  throw new AppError('INVALID_REQUEST', { fields: [{ field: 'if_match', code: 'NOT_ENTITY_TAGS' }] });
}
