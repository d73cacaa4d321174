import { keyPrefixSchema, rule } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { RequestAccess } from '../../admission/request-access.ts';
import type { Registry } from '../../registry.ts';

const querySchema: z.ZodType<{ readonly prefix: string }> = z.strictObject({
  // An empty one would remove everything, where a script has lost its variable.
  prefix: keyPrefixSchema.refine((prefix) => prefix !== '', rule('EMPTY')),
});

/** `DELETE /kv?prefix=`: removes all keys that begin so, at once. That there are none is no error. */
export function deleteKeys(app: HttpApp, registry: Registry, access: RequestAccess): void {
  app.delete('/kv', { schema: { querystring: querySchema } }, async (request, reply) => {
    const { prefix } = request.query;
    await registry.keys.transact([{ verb: 'delete-under', prefix }], access.actorOf(request, 'api'));
    return reply.code(204).send();
  });
}
