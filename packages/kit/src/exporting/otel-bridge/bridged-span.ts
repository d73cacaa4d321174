import type { Attributes, AttributeValue, SpanEvent, SpanKind, TraceContext, Tracer } from '../../telemetry/index.ts';
import type { OtelLink, OtelSpan, OtelSpanContext, OtelTime } from './otel-api.ts';

/** OpenTelemetry's limits: code in a loop must not fill the memory. */
const limits = { attributes: 128, events: 128, links: 128 } as const;
/** The kinds in the order of OpenTelemetry's numbers. */
const kinds: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
const errorStatus = 2;
/** OTLP counts nanoseconds in 64 bits; this is in the year 2262. */
const latestMs = 9_223_372_036_854;

/** What a span begins with. */
export interface BridgedSpanStart {
  readonly tracer: Tracer;
  /** Who made it: the name of the library. */
  readonly scope: string;
  readonly context: TraceContext;
  readonly spanContext: OtelSpanContext;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number | undefined;
  readonly startTime: OtelTime | undefined;
  /** Other traces that led to it, as ours. */
  readonly contextOf: (context: OtelSpanContext) => TraceContext;
}

/** A span that is made through OpenTelemetry's API, and is one of ours when it ends. */
export class BridgedSpan implements OtelSpan {
  readonly #start: BridgedSpanStart;
  readonly #beganMs = performance.now();
  readonly #startedMs: number;
  readonly #attributes: Record<string, AttributeValue | undefined> = {};
  readonly #events: SpanEvent[] = [];
  readonly #links: TraceContext[] = [];
  #attributeCount = 0;
  #name: string;
  #failed = false;
  #message: string | undefined;
  #ended = false;

  constructor(start: BridgedSpanStart) {
    this.#start = start;
    this.#name = start.name;
    this.#startedMs = epochMsOf(start.startTime) ?? start.tracer.epochMs(this.#beganMs);
    this.setAttribute('otel.scope.name', start.scope);
  }

  spanContext(): OtelSpanContext {
    return this.#start.spanContext;
  }

  isRecording(): boolean {
    return !this.#ended;
  }

  setAttribute(key: string, value: unknown): this {
    const known = Object.hasOwn(this.#attributes, key);
    const read = attributeValue(value);
    if (this.#ended || key === '' || read === undefined || (!known && this.#attributeCount >= limits.attributes))
      return this;
    if (!known) this.#attributeCount += 1;
    this.#attributes[key] = read;
    return this;
  }

  setAttributes(attributes: Readonly<Record<string, unknown>>): this {
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(key, value);
    return this;
  }

  addEvent(name: string, second?: unknown, third?: OtelTime): this {
    if (this.#ended || this.#events.length >= limits.events) return this;
    const hasAttributes = typeof second === 'object' && second !== null && !isTime(second);
    const at = hasAttributes ? third : (second as OtelTime | undefined); // What is not attributes is a time.
    const attributes = hasAttributes ? attributesOf(second as Readonly<Record<string, unknown>>) : {};
    this.#events.push({ name: String(name), atMs: epochMsOf(at) ?? this.#nowMs(), attributes });
    return this;
  }

  addLink(link: OtelLink): this {
    if (!this.#ended && this.#links.length < limits.links) this.#links.push(this.#start.contextOf(link.context));
    return this;
  }

  addLinks(links: readonly OtelLink[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: { readonly code: number; readonly message?: string }): this {
    if (this.#ended) return this;
    this.#failed = code === errorStatus;
    this.#message = this.#failed && message !== undefined ? String(message) : undefined;
    return this;
  }

  updateName(name: string): this {
    if (!this.#ended) this.#name = String(name);
    return this;
  }

  recordException(exception: unknown, time?: OtelTime): void {
    const { name, message, stack, code } = exceptionOf(exception);
    const attributes = { 'exception.type': code ?? name, 'exception.message': message, 'exception.stacktrace': stack };
    this.addEvent('exception', attributes, time);
  }

  /** Only the first end counts, as OpenTelemetry says. */
  end(endTime?: OtelTime): void {
    if (this.#ended) return;
    this.#ended = true;
    const { tracer, context, parentSpanId, kind } = this.#start;
    const durationMs = Math.max(0, (epochMsOf(endTime) ?? this.#nowMs()) - this.#startedMs);
    if (!tracer.keeps(context, this.#failed, durationMs)) return;
    tracer.record({
      context,
      parentSpanId,
      name: this.#name,
      kind: kinds[kind ?? 0] ?? 'internal',
      startedMs: this.#startedMs,
      durationMs,
      failed: this.#failed,
      message: this.#message,
      attributes: this.#attributes,
      events: this.#events,
      links: this.#links,
    });
  }

  #nowMs(): number {
    return this.#start.tracer.epochMs(performance.now());
  }
}

function attributesOf(given: Readonly<Record<string, unknown>>): Attributes {
  const entries = Object.entries(given).slice(0, limits.attributes);
  return Object.fromEntries(entries.map(([key, value]) => [key, attributeValue(value)]));
}

/** What OpenTelemetry takes as a value; undefined for anything else. */
function attributeValue(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  // Lists with gaps, or of both, are rare; as texts nothing of them is lost.
  return Array.isArray(value) ? value.map((each) => String(each)) : undefined;
}

function isTime(value: object): boolean {
  return value instanceof Date || Array.isArray(value);
}

/** Undefined also for what is no time, such as an invalid date. */
function epochMsOf(time: OtelTime | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : millisecondsOf(time);
  return ms >= 0 && ms <= latestMs ? ms : undefined;
}

/** Small numbers are times of `performance.now()`. */
function millisecondsOf(time: OtelTime): number {
  if (typeof time === 'number') return time < performance.timeOrigin ? performance.timeOrigin + time : time;
  if (time instanceof Date) return time.getTime();
  return time[0] * 1_000 + time[1] / 1e6;
}

function exceptionOf(exception: unknown): {
  readonly name: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
} {
  if (!(exception instanceof Error))
    return { name: undefined, message: String(exception), stack: undefined, code: undefined };
  const { name, message, stack } = exception;
  const code = 'code' in exception && typeof exception.code === 'string' ? exception.code : undefined;
  return { name, message, stack, code };
}
