import { AppError, type KeyRecord, maxValueBytes } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RequestAccess } from '../../admission/request-access.ts';
import type { KeyOperation } from '../../keys/key-operation.ts';
import type { Registry } from '../../registry.ts';
import { revisionSchema } from '../long-poll.ts';
import { revisionHeader } from '../revision-header.ts';
import { keyParametersSchema } from './key-parameters.ts';
import { headOf } from './key-texts.ts';
import { expectedRevision, tagOf, tooLate } from './preconditions.ts';

/** A write that depends on what is there: `if_revision` is a key's `revision`; 0 says that the key must not be there. */
interface WriteQuery {
  readonly if_revision?: number | undefined;
}

const querySchema: z.ZodType<WriteQuery> = z.strictObject({ if_revision: revisionSchema.optional() });

/**
 * `PUT /kv/{key}`: writes a key. The body is its value, whatever its type. `DELETE /kv/{key}` removes it. With `if_revision`,
 * or `If-Match` and `If-None-Match`, only if nobody was faster.
 */
export function writeKey(app: HttpApp, registry: Registry, access: RequestAccess): void {
  const schema = { params: keyParametersSchema, querystring: querySchema };

  app.put(
    '/kv/*',
    { schema, bodyLimit: maxValueBytes, config: { takesBytes: true } },
    async (request, reply): Promise<KeyRecord> => {
      const { '*': key } = request.params;
      const expected = expectedRevision(request.headers, request.query.if_revision, registry.keys.get(key));
      const value = Buffer.isBuffer(request.body) ? request.body.toString('base64') : '';
      const operation: KeyOperation =
        expected === undefined ? { verb: 'set', key, value } : { verb: 'set-at', key, value, revision: expected };
      const outcome = await registry.keys.transact([operation], access.actorOf(request, 'api'));
      const [entry] = outcome.kind === 'done' ? (outcome.results[0] ?? []) : [];
      if (entry === undefined)
        throw tooLate(request.headers, outcome.kind === 'failed' ? outcome.failures[0] : undefined);
      reply.headers({ etag: tagOf(entry), [revisionHeader]: entry.revision });
      return headOf(entry);
    },
  );

  app.delete('/kv/*', { schema }, async (request, reply) => {
    const { '*': key } = request.params;
    const expected = expectedRevision(request.headers, request.query.if_revision, registry.keys.get(key));
    const operations: readonly KeyOperation[] = [
      expected === undefined ? { verb: 'get', key } : { verb: 'check-at', key, revision: expected },
      { verb: 'delete', key },
    ];
    const outcome = await registry.keys.transact(operations, access.actorOf(request, 'api'));
    if (outcome.kind === 'done') return reply.code(204).send();
    const [failure] = outcome.failures;
    if (failure?.why === 'missing' && expected === undefined)
      throw new AppError('KEY_NOT_FOUND', { parameters: { key } });
    const revision = 0;
    throw tooLate(
      request.headers,
      failure?.why === 'missing' ? { why: 'changed', key, revision, expected: expected ?? 0 } : failure,
    );
  });
}
