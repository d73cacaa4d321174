import { gunzip } from 'node:zlib';
import { AppError, grpcStatuses } from '@flotilla/contracts';
import type { Dialect, ErrorAnswer, HttpApp } from '@flotilla/kit/http';
import { answerBytes, statusBytes } from './answers.ts';
import type { Collector } from './collector.ts';
import type { Encoding, SentSignal } from './read-sent.ts';

/** The largest body, as sent and after decompression. Default of both: 8 MiB, a batch of ten thousand spans. */
export const maxBodyBytes: number = 8 * 1_048_576;

const types: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** OTLP/HTTP: bytes in, which each route reads by their type; errors are `google.rpc.Status` in the encoding of the request. */
const otlpDialect: Dialect = {
  bodies: [
    { type: types.protobuf, read: (body) => body },
    { type: types.json, read: (body) => body },
  ],
  refuse({ headers }) {
    const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (coding === 'identity' || coding === 'gzip') return;
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
      parameters: { expected: `${types.protobuf}, ${types.json}` },
      detail: 'Content-Encoding must be gzip, or absent: set OTEL_EXPORTER_OTLP_COMPRESSION to gzip or none.',
    });
  },
  answer: (error, _context, request) => errorAnswer(error, encodingOf(request.headers['content-type'])),
};

/** Takes OTLP/HTTP at `/v1/traces`, `/v1/metrics` and `/v1/logs`. `guard` decides who may send. Default: everybody. */
export function otlpRoutes(app: HttpApp, collector: Collector, guard?: (scope: HttpApp) => void): void {
  app.dialects.add({ prefix: '/v1', dialect: otlpDialect }, (scope) => {
    guard?.(scope);
    for (const signal of ['traces', 'metrics', 'logs'] as const) addRoute(scope, signal, collector);
  });
}

function addRoute(scope: HttpApp, signal: SentSignal, collector: Collector): void {
  const config = { requestLogLevel: 'debug' } as const;
  scope.post(`/${signal}`, { bodyLimit: maxBodyBytes, config }, async (request, reply) => {
    const encoding = encodingOf(request.headers['content-type']);
    const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const body = await decompressed(sent, request.headers['content-encoding']);
    const taken = await collector.take(signal, encoding, body);
    reply.header('content-type', types[encoding]);
    return reply.send(Buffer.from(answerBytes(signal, encoding, taken)));
  });
}

function encodingOf(contentType: string | undefined): Encoding {
  return /^application\/json\b/i.test(contentType ?? '') ? 'json' : 'protobuf';
}

async function decompressed(body: Buffer, coding: string | undefined): Promise<Buffer> {
  if (coding?.trim().toLowerCase() !== 'gzip' || body.length === 0) return body;
  const result = Promise.withResolvers<Buffer>();
  gunzip(body, { maxOutputLength: maxBodyBytes }, (error, bytes) => {
    if (error === null) result.resolve(bytes);
    else if (error instanceof RangeError)
      result.reject(new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes: maxBodyBytes }, cause: error }));
    else result.reject(new AppError('INVALID_REQUEST', { detail: 'The body is not valid gzip.', cause: error }));
  });
  return result.promise;
}

function errorAnswer(error: AppError, encoding: Encoding): ErrorAnswer {
  const { status, retryAfterMs, allow, detail, message } = error;
  const headers: Record<string, string> = { 'content-type': types[encoding] };
  // What OTLP's clients send again: 429, 502, 503 and 504, after this time.
  if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1_000));
  if (allow.length > 0) headers['allow'] = allow.join(', ');
  // `OK` is 0.
  const code = grpcStatuses.indexOf(error.kind.grpc) + 1;
  return { status, headers, body: statusBytes(encoding, code, detail ?? message) };
}
