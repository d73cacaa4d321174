import type { FastifyTypeProvider } from 'fastify';
import type { z } from 'zod';

/** Gives Fastify's handlers the types of their zod schemas: what comes in as parsed, what goes out as accepted. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}
