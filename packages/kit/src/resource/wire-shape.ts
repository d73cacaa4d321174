import type { Translated } from '@flotilla/contracts';
import type { z } from 'zod';

/** What a schema accepts on the wire, in the keywords of JSON Schema (2020-12). */
export interface WireShape {
  readonly [keyword: string]: unknown;
  /** What readers of the API's document should know. */
  readonly description?: Translated;
}

/** The name under which zod's registry of metadata has a {@link WireShape}. */
const wireKey = 'flotilla:wire';

/**
 * Says for an API's document what a schema accepts, where zod cannot: it knows neither what a `refine` checks nor what a
 * `transform` takes. Keywords given here replace those of the same name that zod finds.
 *
 * ```ts
 * const even = wireShape(z.int().refine((n) => n % 2 === 0), { multipleOf: 2 });
 * ```
 *
 * Apply it last: `wireShape(schema.optional(), …)` describes a schema that may be absent.
 */
export function wireShape<S extends z.ZodType>(schema: S, shape: WireShape): S {
  return schema.meta({ [wireKey]: shape });
}

/** Takes the {@link WireShape} out of what zod made of a schema with one; undefined without. */
export function takeWireShape(json: Record<string, unknown>): WireShape | undefined {
  const shape = json[wireKey];
  delete json[wireKey];
  // Only `wireShape` writes it.
  return shape as WireShape | undefined;
}
