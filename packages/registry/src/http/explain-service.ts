import { AppError, serviceNameSchema } from '@flotilla/contracts';
import { type HttpApp, requestContext } from '@flotilla/kit/http';
import { z } from 'zod';
import { explainService } from '../operations/explain.ts';
import type { Registry } from '../registry.ts';
import { whyNotServed } from './notice.ts';
import { revisionHeader } from './revision-header.ts';

const parametersSchema: z.ZodType<{ readonly service: string }> = z.object({ service: serviceNameSchema });

/** `GET /explain/{service}`: for each instance, there or gone lately, whether it gets work, and why. */
export function explain(app: HttpApp, registry: Registry): void {
  app.get('/explain/:service', { schema: { params: parametersSchema } }, async (request, reply) => {
    const { service: name } = request.params;
    const explanation = await explainService(registry, name, requestContext(request).locale);
    if (explanation.instances.length + explanation.removed.length === 0)
      throw new AppError('SERVICE_NOT_FOUND', { parameters: { name }, detail: whyNotServed(registry, name) });
    reply.header(revisionHeader, registry.revision);
    return explanation;
  });
}
