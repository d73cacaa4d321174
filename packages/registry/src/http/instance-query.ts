import { type InstanceStatus, instanceStatuses } from '@flotilla/contracts';
import { pageQueryShape } from '@flotilla/kit/resource';
import { z } from 'zod';
import type { InstanceFilter } from '../catalog/instance-filter.ts';
import { cursorSchema, type Place } from './list-page.ts';
import { type PollQuery, pollQueryShape } from './long-poll.ts';

/** Parameters that begin so name a metadata entry: `meta.zone=a`. */
const metadataPrefix = 'meta.';

/**
 * The query of the lists: `status`, `served`, `tag` (repeatable, all must be there) and `meta.<key>` choose, `limit` and
 * `cursor` ask for a page. Without a limit all are listed. `index` and `wait` ask for it once it has changed.
 */
export interface InstanceQuery extends PollQuery {
  readonly status?: InstanceStatus | undefined;
  readonly served?: 'true' | 'false' | undefined;
  readonly tag?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  /** Begins after this instance. */
  readonly cursor?: Place | undefined;
  readonly [metadata: `meta.${string}`]: string;
}

const querySchema = z
  .object({
    status: z.enum(instanceStatuses).optional(),
    served: z.enum(['true', 'false']).optional(),
    tag: z.array(z.string().min(1).max(64)).max(32).optional(),
    limit: pageQueryShape.limit,
    cursor: cursorSchema.optional(),
    ...pollQueryShape,
  })
  .catchall(z.string().max(512))
  .superRefine((query, context) => {
    const unknown = Object.keys(query).filter((key) => !known.has(key) && !key.startsWith(metadataPrefix));
    if (unknown.length > 0) context.addIssue({ code: 'unrecognized_keys', keys: unknown, input: query });
  });

const known: ReadonlySet<string> = new Set(['status', 'served', 'tag', 'limit', 'cursor', 'index', 'wait']);

/** Checks an {@link InstanceQuery}. */
export const instanceQuerySchema: z.ZodType<InstanceQuery> = querySchema;

/** The filter a query asks for. */
export function filterOf(query: InstanceQuery): InstanceFilter {
  const metadata = Object.entries(query)
    .filter(([key]) => key.startsWith(metadataPrefix))
    .map(([key, value]) => [key.slice(metadataPrefix.length), String(value)] as const);
  return {
    status: query.status,
    served: query.served === undefined ? undefined : query.served === 'true',
    tags: query.tag,
    metadata: metadata.length === 0 ? undefined : Object.fromEntries(metadata),
  };
}
