import { AppError } from '@flotilla/contracts';
import type { HttpApp } from '@flotilla/kit/http';
import { z } from 'zod';
import type { LogFilter } from '../queries/index.ts';
import type { Telemetry } from '../telemetry/index.ts';
import type { EventStream } from './event-stream.ts';
import type { EventStreams } from './event-streams.ts';
import { logQuery, logStreamQuery, requestQuery } from './telemetry-queries.ts';

const config = { requestLogLevel: 'debug' } as const;
const traceParameters: z.ZodType<{ readonly traceId: string }> = z.strictObject({ traceId: z.string().max(64) });

/** What {@link telemetryRoutes} needs. */
export interface TelemetryRoutesOptions {
  readonly telemetry: Telemetry;
  readonly streams: EventStreams;
  /** The names of the fleet's gateways. */
  readonly gateways: () => Promise<readonly string[]>;
}

/** Requests, traces and logs, as they are kept. */
export function telemetryRoutes(app: HttpApp, { telemetry, streams, gateways }: TelemetryRoutesOptions): void {
  const { queries } = telemetry;
  app.get('/api/requests', { config, schema: { querystring: requestQuery } }, async ({ query: { at, ...filter } }) => {
    const names = at === undefined ? [] : await gateways();
    return queries.requests(names.length === 0 ? filter : { ...filter, at: names });
  });
  app.get('/api/traces/:traceId', { config, schema: { params: traceParameters } }, async ({ params }) => {
    const trace = await queries.trace(params.traceId);
    if (trace !== undefined) return trace;
    throw new AppError('NOT_FOUND', {
      detail: `Nothing is kept of the trace ${params.traceId}: it was not sampled, is older than what is kept, or has not arrived yet.`,
    });
  });
  app.get('/api/logs', { config, schema: { querystring: logQuery } }, ({ query }) => queries.logs(query));
  streams.serve(app, { path: '/api/logs/stream', query: logStreamQuery }, (stream, filter, lastId) =>
    followLogs(telemetry, stream, filter, lastId),
  );
}

/** Sends new lines as they come; `lastId`: the last one that the reader has, from an earlier connection. */
function followLogs(
  telemetry: Telemetry,
  stream: EventStream,
  filter: LogFilter,
  lastId: string | undefined,
): () => void {
  const { queries } = telemetry;
  let isOver = false;
  let isReading = false;
  let isBehind = false;
  let after = lastId !== undefined && /^\d{1,15}$/.test(lastId) ? Number(lastId) : undefined;
  const read = async (): Promise<void> => {
    isBehind = true;
    if (isReading) return;
    isReading = true;
    try {
      after ??= await queries.lastLogId();
      while (isBehind && !isOver) {
        isBehind = false;
        const rows = await queries.logsAfter(after, filter);
        for (const row of rows) stream.send('log', row, row.id);
        const last = rows.at(-1);
        if (last !== undefined) {
          after = last.id;
          isBehind = true;
        }
      }
    } catch {
      // What is wrong with the store stands in the overview; the reader asks again.
      stream.finish();
    } finally {
      isReading = false;
    }
  };
  void read();
  const forget = telemetry.onChange(({ logs }) => {
    if (logs) void read();
  });
  return () => {
    isOver = true;
    forget();
  };
}
