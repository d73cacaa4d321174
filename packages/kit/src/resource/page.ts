import { rule, ruleIssue } from '@flotilla/contracts';
import { z } from 'zod';
import { decodeCursor } from './cursor.ts';
import { wireShape } from './wire-shape.ts';

/** The maximum and default number of rows in one answer. */
export const maxPageSize = 1_000;

/** Which part of a list is requested: `?limit=` and `?cursor=`. */
export interface PageQuery {
  /** At most this many rows. Default {@link maxPageSize}. */
  readonly limit?: number | undefined;
  /** The page begins after this id. */
  readonly cursor?: number | undefined;
}

/** The schema of a list's query parameters; spread it into the route's own strict object. */
export interface PageQueryShape {
  readonly limit: z.ZodType<number | undefined, string | undefined>;
  readonly cursor: z.ZodType<number | undefined, string | undefined>;
}

/** See {@link PageQueryShape}. */
export const pageQueryShape: PageQueryShape = {
  limit: wireShape(
    z
      .string()
      .refine(isPageSize, rule('NOT_DIGITS', { min: 1, max: maxPageSize }))
      .transform(Number)
      .optional(),
    {
      type: 'integer',
      minimum: 1,
      maximum: maxPageSize,
      default: maxPageSize,
      description: { en: 'At most this many rows in one answer.', 'zh-CN': '一次返回的最大行数。' },
    },
  ),
  cursor: wireShape(
    z
      .string()
      .transform((text, context) => {
        const id = decodeCursor(text);
        if (id !== undefined) return id;
        context.addIssue(ruleIssue('NOT_A_CURSOR'));
        return z.NEVER;
      })
      .optional(),
    {
      type: 'string',
      description: {
        en: 'Where the page begins: from the `Link` header of the page before. Do not make one yourself.',
        'zh-CN': '起始位置：取自上一页的 `Link` 响应头，请勿自行构造。',
      },
    },
  ),
};

function isPageSize(text: string): boolean {
  return /^[1-9][0-9]{0,3}$/.test(text) && Number(text) <= maxPageSize;
}

/** One page to read from a store: rows with an id above `afterId`, in the order of ids, at most `limit`. */
export interface PageRequest {
  readonly afterId: number;
  readonly limit: number;
}

/** The rows of one page, and where the next one begins. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** The next page begins after this id; undefined on the last page. */
  readonly nextAfterId: number | undefined;
}

/**
 * Reads one page. It reads one more row than requested, to learn whether there is a next page; that costs less than counting.
 */
export async function readPage<T extends { readonly id: number }>(
  query: PageQuery,
  read: (request: PageRequest) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const limit = query.limit ?? maxPageSize;
  const found = await read({ afterId: query.cursor ?? 0, limit: limit + 1 });
  const rows = found.slice(0, limit);
  return { rows, nextAfterId: found.length > limit ? rows.at(-1)?.id : undefined };
}
