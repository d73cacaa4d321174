import type { Transaction } from '../database/index.ts';
import type { ConsumerPosition, Place } from './consumer-position.ts';
import type { ReceivedEvent } from './event-json.ts';
import type { EventKinds, EventOf, EventSchemas } from './event-kinds.ts';
import { reach } from './points.ts';

/** The effect of an event. Written in the transaction, it takes place exactly once. */
export type ApplyEvent<Schemas extends EventSchemas> = (
  transaction: Transaction,
  event: EventOf<Schemas>,
) => Promise<void>;

/** An event whose data cannot be read, or whose effect fails. */
export class EventFailure extends Error {
  override readonly name = 'EventFailure';
  readonly event: Pick<ReceivedEvent, 'position' | 'type' | 'id' | 'subject'>;

  constructor({ position, type, id, subject }: ReceivedEvent, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Event ${position} (${type}, ${subject}) cannot be applied: ${reason}`, { cause });
    this.event = { position, type, id, subject };
  }
}

/**
 * Writes the effects of events and moves the consumer behind the last of them, in one transaction.
 *
 * @param events at least one, in their order, beginning right after `from`
 * @throws {EventFailure} when one of them cannot be applied; nothing is written then
 * @throws {Overtaken} when another instance has written them
 */
export async function applyEvents<Schemas extends EventSchemas>(
  where: { readonly position: ConsumerPosition; readonly from: Place },
  events: readonly ReceivedEvent[],
  { kinds, apply }: { readonly kinds: EventKinds<Schemas>; readonly apply: ApplyEvent<Schemas> },
): Promise<void> {
  const last = events.at(-1)?.position ?? where.from.position;
  await where.position.move(where.from, { ...where.from, position: last }, async (transaction) => {
    for (const event of events) {
      try {
        const read = readEvent(kinds, event);
        if (read !== undefined) await apply(transaction, read);
      } catch (error) {
        throw new EventFailure(event, error);
      }
    }
    reach('effects-applied');
  });
  reach('effects-committed');
}

/** The event with its data checked; undefined for a type that a newer version of the service publishes. */
function readEvent<Schemas extends EventSchemas>(
  { schemas }: EventKinds<Schemas>,
  { type, data, ...event }: ReceivedEvent,
): EventOf<Schemas> | undefined {
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) return undefined;
  const read = schema.safeParse(data);
  if (!read.success) throw new Error(`its data is not as expected (${describe(read.error)})`, { cause: read.error });
  // The schema of the type has made the data.
  return { ...event, type, data: read.data } as EventOf<Schemas>;
}

/** Where the data is wrong, without its values, which are not for a log. */
function describe({
  issues,
}: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly code?: string | undefined }[];
}): string {
  return issues
    .slice(0, 3)
    .map(({ path, code }) => `/${path.map(String).join('/')}: ${code}`)
    .join(', ');
}
