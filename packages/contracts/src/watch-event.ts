import { z } from 'zod';
import { type ServiceInstance, serviceInstanceSchema } from './service-instance.ts';

/**
 * What `GET /watch` sends as server-sent events. `event:` is the type, `data:` the JSON of it and `id:` the revision,
 * so a browser's `EventSource` resumes by itself with `Last-Event-ID`. Of changes that were stored together each has a place of
 * its own, which may be below the `revision` of the instance it shows: resume from the event's.
 *
 * - `snapshot`: everything the watch covers, at one revision. Always the first event unless the watch resumes. It replaces all the receiver knew.
 * - `put`: an instance was added or changed. `delete`: it was deregistered or its lease ran out.
 * - `bookmark`: everything of interest up to this revision was sent. A watch that resumes gets one when it has caught up; all get
 *   one after a while of silence, so that a later resume is not too old.
 * - `reset`: the registry can't resume from the revision asked for; a `snapshot` follows on the same stream. `compacted`: it
 *   is too old. `future`: it was never reached. `history`: it is of another history; only said to who named one.
 */
export type WatchEvent =
  | {
      readonly type: 'snapshot';
      readonly revision: number;
      /** The history that all revisions of the stream belong to. Not known from registries before it had a name. */
      readonly history?: string | undefined;
      readonly instances: readonly ServiceInstance[];
    }
  | { readonly type: 'put'; readonly revision: number; readonly instance: ServiceInstance }
  | {
      readonly type: 'delete';
      readonly revision: number;
      readonly name: string;
      readonly id: string;
      readonly reason: RemovalReason;
    }
  | { readonly type: 'bookmark'; readonly revision: number }
  | { readonly type: 'reset'; readonly reason: 'compacted' | 'future' | 'history' };

/**
 * Why an instance is gone. `expired`: its lease ran out. `replaced`: its id was registered elsewhere, or its address and port
 * for another service. `critical`: a check was critical for as long as it may be.
 */
export type RemovalReason = 'deregistered' | 'expired' | 'replaced' | 'critical';

/** Checks a {@link WatchEvent} that came over the wire. */
export const watchEventSchema: z.ZodType<WatchEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    revision: z.int(),
    history: z.string().optional(),
    instances: z.array(serviceInstanceSchema),
  }),
  z.object({ type: z.literal('put'), revision: z.int(), instance: serviceInstanceSchema }),
  z.object({
    type: z.literal('delete'),
    revision: z.int(),
    name: z.string(),
    id: z.string(),
    reason: z.enum(['deregistered', 'expired', 'replaced', 'critical']),
  }),
  z.object({ type: z.literal('bookmark'), revision: z.int() }),
  z.object({ type: z.literal('reset'), reason: z.enum(['compacted', 'future', 'history']) }),
]);
