import type { FastifyTypeProvider } from 'fastify';
import type { z } from 'zod';

/** Gives Fastify's handlers the types of their zod schemas: input as parsed, output as accepted. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}
