import { AsyncLocalStorage } from 'node:async_hooks';
import {
  currentTrace,
  formatTraceparent,
  isOutsideTraces,
  parseTraceparent,
  type TraceContext,
  type Tracer,
  withinTrace,
} from '../../telemetry/index.ts';
import { BridgedSpan } from './bridged-span.ts';
import type { OtelApi, OtelContext, OtelSpan, OtelSpanContext, OtelSpanOptions } from './otel-api.ts';

/** Under which OpenTelemetry's libraries say that nothing is to be traced; its SDK has defined it. */
const suppressed = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * Lets spans that are made through OpenTelemetry's API join our traces, in both directions: ours are the parents of what libraries
 * and a program's own code make with it, and theirs are the parents of ours. If a program has set up an SDK before, it keeps it.
 *
 * @returns what undoes it; undefined if an SDK was there
 */
function bridgeOtelApi(api: OtelApi, tracer: Tracer): (() => void) | undefined {
  const bridge = new OtelBridge(api, tracer);
  if (!api.trace.setGlobalTracerProvider({ getTracer: (scope: string) => bridge.tracerOf(scope) })) return undefined;
  api.context.setGlobalContextManager(bridge.contextManager);
  api.propagation.setGlobalPropagator(bridge.propagator);
  return () => {
    api.trace.disable();
    api.context.disable();
    api.propagation.disable();
  };
}

/** Finds the API where the program has it, and bridges it. */
export async function bridgeIfInstalled(tracer: Tracer): Promise<(() => void) | undefined> {
  // Not a literal: it is no dependency, and most programs do not have it.
  const name: string = '@opentelemetry/api';
  try {
    // Whatever is installed under that name has this interface since 1.0.
    return bridgeOtelApi((await import(name)) as OtelApi, tracer);
  } catch {
    return undefined;
  }
}

class OtelBridge {
  readonly #api: OtelApi;
  readonly #tracer: Tracer;
  readonly #contexts = new AsyncLocalStorage<OtelContext>();

  constructor(api: OtelApi, tracer: Tracer) {
    this.#api = api;
    this.#tracer = tracer;
  }

  readonly contextManager = {
    active: (): OtelContext => this.#active(),
    with: (context: OtelContext, work: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]): unknown => {
      const run = (): unknown => this.#contexts.run(context, () => work.call(self, ...args));
      const span = this.#api.trace.getSpanContext(context);
      return span === undefined ? run() : withinTrace(this.#traceOf(span), run, this.#tracer);
    },
    bind: <Target>(context: OtelContext, target: Target): Target => {
      if (typeof target !== 'function') return target;
      const { with: within } = this.contextManager;
      const bound = function (this: unknown, ...args: unknown[]): unknown {
        // What is bound is called as it would have been.
        return within(context, target as unknown as (...args: unknown[]) => unknown, this, ...args);
      };
      return bound as Target;
    },
    enable: () => this.contextManager,
    disable: () => this.contextManager,
  };

  readonly propagator = {
    inject: (
      context: OtelContext,
      carrier: unknown,
      setter: { set(carrier: unknown, key: string, value: string): void },
    ) => {
      const span = this.#api.trace.getSpanContext(context);
      if (span === undefined || context.getValue(suppressed) === true) return;
      const trace = this.#traceOf(span);
      setter.set(carrier, 'traceparent', formatTraceparent(trace));
      if (trace.tracestate !== undefined) setter.set(carrier, 'tracestate', trace.tracestate);
    },
    extract: (context: OtelContext, carrier: unknown, getter: { get(carrier: unknown, key: string): unknown }) => {
      const [parent, state] = ['traceparent', 'tracestate'].map((key) => [getter.get(carrier, key)].flat().join());
      const trace = parseTraceparent(parent, state);
      if (trace === undefined) return context;
      const span = this.#api.trace.wrapSpanContext({ ...this.#spanContextOf(trace), isRemote: true });
      return this.#api.trace.setSpan(context, span);
    },
    fields: () => ['traceparent', 'tracestate'],
  };

  tracerOf(scope: string): unknown {
    const startSpan = (name: string, options: OtelSpanOptions = {}, context = this.#active()): OtelSpan =>
      this.#startSpan(scope, name, options, context);
    return {
      startSpan,
      startActiveSpan: (name: string, ...rest: unknown[]): unknown => {
        const work = rest.at(-1) as (span: OtelSpan) => unknown; // The last argument is always the function.
        const [options, given] = rest.slice(0, -1) as [OtelSpanOptions?, OtelContext?];
        const context = given ?? this.#active();
        const span = startSpan(name, options, context);
        return this.contextManager.with(this.#api.trace.setSpan(context, span), () => work(span), undefined);
      },
    };
  }

  #startSpan(scope: string, name: string, options: OtelSpanOptions, context: OtelContext): OtelSpan {
    const { trace } = this.#api;
    const parentContext = options.root === true ? undefined : trace.getSpanContext(context);
    if (context.getValue(suppressed) === true)
      return trace.wrapSpanContext(parentContext ?? { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 });
    const parent = parentContext === undefined ? undefined : this.#traceOf(parentContext);
    const own = this.#tracer.begin(parent);
    const span = new BridgedSpan({
      tracer: this.#tracer,
      scope,
      context: own,
      spanContext: this.#spanContextOf(own),
      parentSpanId: parent?.spanId,
      name: String(name),
      kind: options.kind,
      startTime: options.startTime,
      contextOf: (link) => this.#traceOf(link),
    });
    return span.setAttributes(options.attributes ?? {}).addLinks(options.links ?? []);
  }

  /** The context that code runs in. If one of our spans began since, that is the current one. */
  #active(): OtelContext {
    const { ROOT_CONTEXT, trace } = this.#api;
    if (isOutsideTraces()) return ROOT_CONTEXT.setValue(suppressed, true);
    const context = this.#contexts.getStore() ?? ROOT_CONTEXT;
    const current = currentTrace();
    if (current === undefined || trace.getSpanContext(context)?.spanId === current.spanId) return context;
    return trace.setSpan(context, trace.wrapSpanContext(this.#spanContextOf(current)));
  }

  #spanContextOf({ traceId, spanId, sampled, tracestate }: TraceContext): OtelSpanContext {
    const traceState = tracestate === undefined ? undefined : this.#api.createTraceState(tracestate);
    return { traceId, spanId, traceFlags: sampled ? 1 : 0, traceState };
  }

  #traceOf({ traceId, spanId, traceFlags, traceState }: OtelSpanContext): TraceContext {
    const tracestate = traceState?.serialize() ?? '';
    const baggage = currentTrace()?.baggage;
    return {
      traceId,
      spanId,
      sampled: (traceFlags & 1) === 1,
      ...(tracestate === '' ? {} : { tracestate }),
      ...(baggage === undefined ? {} : { baggage }),
    };
  }
}
