import { z } from 'zod';
import type { EventRow } from './event-tables.ts';

/** An event of the log. */
export type LoggedEvent = EventRow & { readonly position: number };

/** An event as it came from another service. Whether its data is what the type says, is not checked yet. */
export interface ReceivedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly position: number;
  readonly data: unknown;
  readonly traceparent?: string | undefined;
  readonly baggage?: string | undefined;
}

/** Writes an event as JSON, in the form of CloudEvents 1.0 with `position`, `traceparent` and `baggage` as extensions. */
export function eventJson(source: string, event: LoggedEvent): string {
  const { event_id, type, subject, happened_at, data, position, traceparent, baggage } = event;
  const head = JSON.stringify({
    specversion: '1.0',
    id: event_id,
    source,
    type,
    subject,
    time: new Date(happened_at).toISOString(),
    datacontenttype: 'application/json',
    position,
    ...(traceparent === null ? {} : { traceparent }),
    ...(baggage === null || baggage === undefined ? {} : { baggage }),
  });
  // The data is JSON already.
  return `${head.slice(0, -1)},"data":${data}}`;
}

/** Reads an event. Unknown fields are ignored, so that a newer service is understood. */
export const receivedEventSchema: z.ZodType<ReceivedEvent> = z.object({
  id: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.string(),
  time: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  position: z.int().min(1),
  data: z.unknown(),
  traceparent: z.string().optional(),
  baggage: z.string().optional(),
});
