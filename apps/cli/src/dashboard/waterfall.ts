import type { Trace, TraceSpan } from '@flotilla/dashboard/wire';
import { printableText } from '@flotilla/kit/printable-text';
import { cutToWidth, padToWidth, textWidth } from '@flotilla/kit/text-width';
import { nthColour } from '../output/colours.ts';
import { tinted } from '../output/tinted.ts';
import { wrapText } from '../output/wrap-text.ts';

/** How to show a waterfall. */
export interface WaterfallOptions {
  /** At least 40. */
  readonly columns: number;
  readonly colour: boolean;
  /** Whether the terminal has more than ASCII. */
  readonly unicode: boolean;
}

const red = 31;
const grey = 90;
/** `999 ms`, `12.3 s`, `0.04 ms` */
const durationWidth = 7;
const gap = ' ';
/** Deeper spans are not indented further: their names would not fit. */
const deepest = 8;

/** The spans of a trace as lines, each no wider than the terminal. */
export function waterfall({ spans, durationMs }: Trace, options: WaterfallOptions): string[] {
  const { columns, colour } = options;
  // Where there is little room, names say more than bars.
  const barWidth = Math.max(8, Math.min(40, Math.floor(columns * (columns < 60 ? 0.22 : 0.36))));
  const labelWidth = columns - barWidth - durationWidth - 2 * gap.length;
  const services = [...new Set(spans.map(({ service }) => service))];
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return spans.flatMap((span) => {
    const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
    const serviceColour = nthColour(services.indexOf(span.service));
    const label = cutToWidth(labelOf(span, parent, options), labelWidth);
    const name = tinted(padToWidth(label, labelWidth), span.failed ? red : serviceColour, colour);
    const bar = tinted(barOf(span, durationMs, { width: barWidth, unicode: options.unicode }), serviceColour, colour);
    const took = shortDuration(span.durationMs).padStart(durationWidth);
    const line = [name, took, bar].join(gap).trimEnd();
    return [line, ...whyFailed(span, columns).map((text) => tinted(text, red, colour))];
  });
}

/** `gateway: GET /users/{id}`; the service only where another one begins. */
function labelOf(span: TraceSpan, parent: TraceSpan | undefined, { unicode }: WaterfallOptions): string {
  const indent = ' '.repeat(Math.min(span.depth, deepest));
  const mark = span.failed ? (unicode ? '✗ ' : 'x ') : '';
  const service = parent?.service === span.service ? '' : `${span.service}: `;
  return `${indent}${mark}${printableText(`${service}${span.name}`)}`;
}

function barOf(
  { offsetMs, durationMs }: TraceSpan,
  wholeMs: number,
  { width, unicode }: { readonly width: number; readonly unicode: boolean },
): string {
  const scale = wholeMs > 0 ? width / wholeMs : 0;
  const from = Math.max(0, Math.min(width - 1, Math.floor(offsetMs * scale)));
  const length = Math.max(0, Math.min(width - from, Math.round(durationMs * scale)));
  const bar = length === 0 ? (unicode ? '▏' : '|') : (unicode ? '━' : '=').repeat(length);
  return ' '.repeat(from) + bar;
}

function whyFailed(span: TraceSpan, columns: number): readonly string[] {
  if (!span.failed) return [];
  const { 'error.type': type } = span.attributes;
  const why = [type, span.message].filter((text) => typeof text === 'string' && text !== '').join(': ');
  if (why === '') return [];
  const indent = ' '.repeat(Math.min(span.depth, deepest) + 2);
  return wrapText(printableText(why), Math.max(20, columns - textWidth(indent))).map((line) => indent + line);
}

/** `0.04 ms`, `3.2 ms`, `850 ms`, `3.2 s`, `120 s` */
export function shortDuration(ms: number): string {
  if (ms >= 1_000) return `${ms < 99_950 ? (ms / 1_000).toFixed(1) : Math.round(ms / 1_000)} s`;
  if (ms >= 99.95) return `${Math.min(999, Math.round(ms))} ms`;
  return `${ms < 0.095 ? ms.toFixed(2) : ms.toFixed(1)} ms`;
}

/** What stands above and below the spans. */
export function aboutTrace(
  trace: Trace,
  options: WaterfallOptions,
): { readonly head: string[]; readonly foot: string[] } {
  const { columns, colour } = options;
  const { request, spans, logs } = trace;
  const services = new Set(spans.map(({ service }) => service)).size;
  const what =
    request === undefined
      ? (spans[0]?.name ?? 'Trace')
      : `${request.method} ${request.path}, answered ${answered(request.status)}`;
  const when = new Date(trace.startedMs).toISOString().replace('T', ' ').slice(0, 23);
  const counts = `${spans.length} ${spans.length === 1 ? 'span' : 'spans'} of ${services} ${services === 1 ? 'service' : 'services'}`;
  const head = [
    ...wrapText(printableText(`${what} in ${tookOf(trace)}`), columns),
    ...wrapText(`${when} UTC, ${counts}, ${trace.traceId}`, columns).map((line) => tinted(line, grey, colour)),
    '',
  ];
  const foot = [
    ...(trace.problem === undefined
      ? []
      : ['', ...wrapText(printableText(`The caller was told: ${problemText(trace.problem)}`), columns)]),
    ...(trace.missingParents === 0
      ? []
      : [
          '',
          ...wrapText(
            `${trace.missingParents} of the spans name a parent that is not here: it was not sent, or has not arrived.`,
            columns,
          ),
        ]),
    ...(logs.length === 0
      ? []
      : [
          '',
          ...wrapText(
            `${logs.length} log ${logs.length === 1 ? 'line' : 'lines'}: flotilla logs --trace ${trace.traceId}`,
            columns,
          ),
        ]),
  ];
  return { head, foot };
}

/** How long the caller waited, and until when the rest went on: events come later. */
function tookOf({ request, durationMs }: Trace): string {
  const whole = shortDuration(durationMs);
  if (request === undefined) return whole;
  const own = shortDuration(request.durationMs);
  return own === whole || durationMs < request.durationMs ? own : `${own}; what it caused went on until ${whole}`;
}

function answered(status: number): string {
  return status === 0 ? 'nothing' : String(status);
}

function problemText(problem: Readonly<Record<string, unknown>>): string {
  const { code, title, detail } = problem;
  return [code, detail ?? title].filter((text) => typeof text === 'string').join(': ');
}
