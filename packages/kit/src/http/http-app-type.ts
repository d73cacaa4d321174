import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from './zod-type-provider.ts';

/**
 * A Fastify app whose routes use zod schemas: `schema: { querystring, params, body, headers, response }`. An interface, because
 * declarations made of a user's code name it; what an alias stands for would lead them to Fastify, which they may not have.
 */
export interface HttpApp
  extends FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider> {}
