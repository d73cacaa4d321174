import type { z } from 'zod';

/** What the data of each type of event looks like. */
export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** The events of one service: part of what it promises. */
export interface EventKinds<Schemas extends EventSchemas> {
  /** Who publishes them, as in every event: `/user-service`. */
  readonly source: string;
  readonly schemas: Schemas;
}

/** An event that happened, with the data of its type. */
export interface EventOfType<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
  /** Unique among all events of all services. */
  readonly id: string;
  /** What it is about: `users/1`. */
  readonly subject: string;
  /** When it happened, in milliseconds since 1970, by the clock of the instance that wrote it. It may jump; positions do not. */
  readonly time: number;
  /** Its place in the feed: the first event has 1, each next one 1 more. */
  readonly position: number;
  /** The trace of the request that caused it (W3C `traceparent`), if there was one. */
  readonly traceparent?: string | undefined;
  /** What the callers of that request said of themselves (W3C `baggage`), if anything. */
  readonly baggage?: string | undefined;
}

/** Any event of a service, told apart by `type`. */
export type EventOf<Schemas extends EventSchemas> = {
  [Type in keyof Schemas & string]: EventOfType<Type, z.output<Schemas[Type]>>;
}[keyof Schemas & string];

/** An event to be told. */
export type NewEvent<Schemas extends EventSchemas> = {
  [Type in keyof Schemas & string]: {
    readonly type: Type;
    /** What it is about: the kind of record and its id, `users/1`. */
    readonly subject: string;
    readonly data: z.output<Schemas[Type]>;
  };
}[keyof Schemas & string];

/**
 * Defines the events of a service, in its contract:
 *
 * ```ts
 * export const userEvents = defineEvents('user-service', { 'user.created': userSchema, 'user.deleted': userSchema });
 * ```
 *
 * A schema reads what a newer version of the service has written, so it ignores unknown fields. Consumers skip types that they
 * do not know.
 */
export function defineEvents<const Schemas extends EventSchemas>(
  service: string,
  schemas: Schemas,
): EventKinds<Schemas> {
  return { source: `/${service}`, schemas };
}
