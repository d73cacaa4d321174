import { otelAttributes, readLogLine, severityNumber } from '../logger/index.ts';

/** A log line as OpenTelemetry sees it. */
export interface OtelLog {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** OpenTelemetry's number; 0: unknown. */
  readonly severity: number;
  readonly severityText: string;
  readonly body: string;
  /** Values from JSON. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Hex digits; undefined: the line is about no trace. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** The record of a JSON log line in any profile; undefined if it is none. */
export function otelLogOf(line: string): OtelLog | undefined {
  const read = readLogLine(line);
  if (read === undefined) return undefined;
  // Service and instance are the resource.
  const { level, time, msg, service: _service, instance: _instance, traceId, spanId, ...fields } = read;
  const atMs = Date.parse(String(time));
  const trace = idOf(traceId, 32);
  const span = trace === undefined ? undefined : idOf(spanId, 16);
  return {
    atMs: Number.isNaN(atMs) ? 0 : atMs,
    severity: severityNumber(String(level)),
    severityText: String(level).toUpperCase(),
    body: String(msg),
    attributes: otelAttributes(
      {
        ...fields,
        // Somebody's own ids are not those of a trace.
        traceId: trace === undefined ? traceId : undefined,
        spanId: span === undefined ? spanId : undefined,
      },
      msg,
    ),
    traceId: trace,
    spanId: span,
  };
}

function idOf(id: unknown, digits: number): string | undefined {
  return typeof id === 'string' && id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id) ? id : undefined;
}
