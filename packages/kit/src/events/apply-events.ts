import type { Clock } from '@flotilla/contracts';
import type { Transaction } from '../database/index.ts';
import { type Tracer, withinTrace } from '../telemetry/index.ts';
import type { ConsumerPosition, Place } from './consumer-position.ts';
import type { ReceivedEvent } from './event-json.ts';
import type { EventKinds, EventOf, EventSchemas } from './event-kinds.ts';
import { ProcessSpan } from './messaging-spans.ts';
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

/** What {@link applyEvents} needs of a consumer. */
export interface ApplyOptions<Schemas extends EventSchemas> {
  /** The name of the consumer. */
  readonly name: string;
  readonly kinds: EventKinds<Schemas>;
  readonly apply: ApplyEvent<Schemas>;
  readonly clock: Clock;
  readonly tracer: Tracer;
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
  options: ApplyOptions<Schemas>,
): Promise<void> {
  const { kinds, apply, tracer, clock, name } = options;
  const spans: ProcessSpan[] = [];
  const last = events.at(-1)?.position ?? where.from.position;
  await where.position.move(where.from, { ...where.from, position: last }, async (transaction) => {
    for (const event of events) {
      const span = new ProcessSpan(tracer, clock, event);
      try {
        const read = readEvent(kinds, event);
        if (read === undefined) continue;
        // Also without spans: an event that this one causes belongs to the same trace.
        await withinTrace(span.context, () => apply(transaction, read), tracer);
        span.end();
        spans.push(span);
      } catch (error) {
        span.end();
        const failure = new EventFailure(event, error);
        // Those before it are undone with it, and tried again without it.
        span.record(name, failure);
        throw failure;
      }
    }
    reach('effects-applied');
  });
  reach('effects-committed');
  for (const span of spans) span.record(name, undefined);
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
