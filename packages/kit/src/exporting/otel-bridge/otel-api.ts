/** The parts of `@opentelemetry/api` that the bridge uses. Declared here, since most programs do not have that package. */
export interface OtelApi {
  readonly ROOT_CONTEXT: OtelContext;
  readonly trace: {
    setGlobalTracerProvider(provider: unknown): boolean;
    getSpan(context: OtelContext): OtelSpan | undefined;
    getSpanContext(context: OtelContext): OtelSpanContext | undefined;
    setSpan(context: OtelContext, span: OtelSpan): OtelContext;
    wrapSpanContext(context: OtelSpanContext): OtelSpan;
    disable(): void;
  };
  readonly context: {
    setGlobalContextManager(manager: unknown): boolean;
    active(): OtelContext;
    with<Result>(context: OtelContext, work: () => Result): Result;
    disable(): void;
  };
  readonly propagation: {
    setGlobalPropagator(propagator: unknown): boolean;
    disable(): void;
  };
  createTraceState(raw?: string): OtelTraceState;
}

/** Immutable, and made by the API. */
export interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
}

export interface OtelTraceState {
  serialize(): string;
}

export interface OtelSpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean | undefined;
  readonly traceState?: OtelTraceState | undefined;
}

/** What callers see of a span. */
export interface OtelSpan {
  spanContext(): OtelSpanContext;
}

/** Milliseconds since the epoch or since the process began, `[seconds, nanoseconds]`, or a date. */
export type OtelTime = number | Date | readonly [number, number];

export interface OtelLink {
  readonly context: OtelSpanContext;
}

export interface OtelSpanOptions {
  readonly kind?: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly links?: readonly OtelLink[];
  readonly startTime?: OtelTime;
  readonly root?: boolean;
}
