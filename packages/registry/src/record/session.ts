import { instanceIdSchema, serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';

/** What becomes of the keys that a session has locked when it ends: they are unlocked, or deleted. */
export type SessionBehavior = 'release' | 'delete';

/** A check of an instance that a session depends on: the session ends when the check is critical or gone. */
export interface SessionLink {
  readonly name: string;
  readonly id: string;
  /** Left out: the instance as a whole. */
  readonly check?: string | undefined;
}

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
  /** What the API that made it wants back as it was given, as JSON. */
  readonly extra?: string | undefined;
}

export const sessionSchema: z.ZodType<SessionValue> = z.object({
  id: z.string().min(1),
  name: z.string(),
  ttlMs: z.number(),
  lockDelayMs: z.number(),
  behavior: z.enum(['release', 'delete']),
  links: z.array(z.object({ name: serviceNameSchema, id: instanceIdSchema, check: z.string().optional() })),
  extra: z.string().optional(),
});
