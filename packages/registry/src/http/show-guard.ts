import type { HttpApp } from '@flotilla/kit/http';
import type { Registry } from '../registry.ts';
import { revisionHeader } from './revision-header.ts';

/** `GET /guard`: whether instances are kept though they are silent, why, how many, and until when. */
export function showGuard(app: HttpApp, registry: Registry): void {
  app.get('/guard', async (_request, reply) => {
    reply.header(revisionHeader, registry.revision);
    return registry.guard.view;
  });
}
