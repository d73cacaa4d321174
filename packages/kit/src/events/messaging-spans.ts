import type { Clock } from '@flotilla/contracts';
import type { Transaction } from '../database/index.ts';
import {
  type Attributes,
  acceptBaggage,
  parseTraceparent,
  type TraceContext,
  type Tracer,
} from '../telemetry/index.ts';
import type { ReceivedEvent } from './event-json.ts';

/*
 * OpenTelemetry's conventions for messaging are still in development: this is the only place that knows their names.
 */

/** What a span tells of an event. */
export interface ToldEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** Who published it: `/user-service`. */
  readonly source: string;
}

/** Records that an event was published, in the span whose context it carries, once that is so: if `transaction` takes effect. */
export function recordPublished(
  tracer: Tracer,
  clock: Clock,
  {
    event,
    context,
    parent,
    transaction,
  }: {
    readonly event: ToldEvent;
    readonly context: TraceContext;
    readonly parent: TraceContext;
    readonly transaction: Pick<Transaction, 'whenCommitted'>;
  },
): void {
  // It takes effect with its transaction, so there is nothing to be slow.
  if (!tracer.keeps(context, false, 0)) return;
  const startedMs = tracer.epochMs(clock.monotonicMs());
  transaction.whenCommitted(() =>
    tracer.record({
      context,
      parentSpanId: parent.spanId,
      name: `publish ${event.type}`,
      kind: 'producer',
      startedMs,
      durationMs: 0,
      failed: false,
      attributes: {
        ...attributesOf(event),
        'messaging.operation.type': 'create',
        'messaging.operation.name': 'publish',
      },
    }),
  );
}

/** The span in which a consumer applies an event: below the one that published it, as each event is processed by itself. */
export class ProcessSpan {
  readonly context: TraceContext;
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #event: ReceivedEvent;
  readonly #parentSpanId: string | undefined;
  #durationMs = 0;

  constructor(tracer: Tracer, clock: Clock, event: ReceivedEvent) {
    const parent = parseTraceparent(event.traceparent);
    const baggage = acceptBaggage(event.baggage);
    const context = tracer.begin(parent);
    this.context = baggage === undefined ? context : { ...context, baggage };
    this.#parentSpanId = parent?.spanId;
    this.#tracer = tracer;
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    this.#event = event;
  }

  /** The event is applied, and not yet committed. */
  end(): void {
    this.#durationMs = this.#clock.monotonicMs() - this.#startedMs;
  }

  /**
   * Records it, once its effect is committed or has failed.
   *
   * @param consumer the name of what follows the events
   * @param failure why it could not be applied; undefined: it was
   */
  record(consumer: string, failure: Error | undefined): void {
    const tracer = this.#tracer;
    const failed = failure !== undefined;
    if (!tracer.keeps(this.context, failed, this.#durationMs)) return;
    tracer.record({
      context: this.context,
      parentSpanId: this.#parentSpanId,
      name: `process ${this.#event.type}`,
      kind: 'consumer',
      startedMs: tracer.epochMs(this.#startedMs),
      durationMs: this.#durationMs,
      failed,
      message: failure?.message,
      attributes: {
        ...attributesOf(this.#event),
        'messaging.operation.type': 'process',
        'messaging.operation.name': 'process',
        'messaging.consumer.group.name': consumer,
        'error.type': failed ? errorType(failure) : undefined,
      },
    });
  }
}

function attributesOf({ id, type, subject, source }: ToldEvent): Attributes {
  return {
    'messaging.system': 'flotilla',
    // The name of the service, by which its feed and its stream are known.
    'messaging.destination.name': source.replace(/^\//, ''),
    'messaging.message.id': id,
    'cloudevents.event_id': id,
    'cloudevents.event_source': source,
    'cloudevents.event_type': type,
    'cloudevents.event_subject': subject,
  };
}

function errorType(failure: Error): string {
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}
