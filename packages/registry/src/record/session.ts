import { instanceIdSchema, serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';
import type { JsonObject } from './json-object.ts';

/** What becomes of the keys that a session has locked when it ends: they are unlocked, or deleted. */
export type SessionBehavior = 'release' | 'delete';

/** An instance, or a check of it, that a session depends on: the session ends when it is gone, or the check is critical. */
export interface InstanceLink {
  readonly name: string;
  readonly id: string;
  /** Left out: the instance as a whole. */
  readonly check?: string | undefined;
}

/** A check of a machine that a session depends on. */
export interface NodeLink {
  readonly node: string;
  readonly check: string;
}

/** What a session depends on. */
export type SessionLink = InstanceLink | NodeLink;

/** What the log keeps of a session: somebody who locks keys. It may live by a lease. */
export interface SessionValue {
  readonly id: string;
  /** For people; need not be unique. */
  readonly name: string;
  /** How long it lives without a renewal, in milliseconds; 0 = until it is ended. */
  readonly ttlMs: number;
  /** How long after its end nobody can lock what it had locked, in milliseconds. */
  readonly lockDelayMs: number;
  readonly behavior: SessionBehavior;
  readonly links: readonly SessionLink[];
  /** What the API that made it wants back as it was given. */
  readonly extra?: JsonObject | undefined;
}

export const sessionSchema: z.ZodType<SessionValue> = z.object({
  id: z.string().min(1),
  name: z.string(),
  ttlMs: z.number(),
  lockDelayMs: z.number(),
  behavior: z.enum(['release', 'delete']),
  links: z.array(
    z.union([
      z.object({ name: serviceNameSchema, id: instanceIdSchema, check: z.string().optional() }),
      z.object({ node: z.string(), check: z.string() }),
    ]),
  ),
  extra: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null).optional(),
});
