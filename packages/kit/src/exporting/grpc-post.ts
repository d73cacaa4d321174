import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { TelemetrySignal } from '../config/index.ts';
import { decodeStatusMessage } from '../grpc/wire/call-status.ts';
import { frameOf } from '../grpc/wire/frames.ts';
import { statusName } from '../grpc/wire/status-codes.ts';
import type { OtlpTarget } from './otlp-target.ts';
import type { Post, PostResult } from './post.ts';

const paths: Readonly<Record<TelemetrySignal, string>> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};

/** Answers say little; more is not read. */
const maxAnswerBytes = 65_536;
/** The bytes before a message: whether it is compressed, and its length. */
const prefixBytes = 5;

/** What may go away by itself, as OTLP says. RESOURCE_EXHAUSTED means less work, not the same again. */
const retryable: ReadonlySet<string> = new Set([
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNAVAILABLE',
  'DATA_LOSS',
]);
/** Statuses of HTTP with which something before the receiver says that it cannot reach it. */
const unreachable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const compress = promisify(gzip);

/** Sends batches by OTLP/gRPC, over one connection that it keeps. */
export function grpcPost(target: OtlpTarget): Post {
  const { url, signal, headers, tls } = target;
  let session: ClientHttp2Session | undefined;

  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    const opened = connect(url.origin, { ...tls, settings: { enablePush: false } });
    // Each call learns of it by itself.
    opened.on('error', () => undefined);
    session = opened;
    return opened;
  };

  return {
    encoding: 'protobuf',
    async send(message, abort) {
      const frame = frameOf(target.gzip ? await compress(message) : message, target.gzip);
      const head = {
        ...headers,
        ':method': 'POST',
        ':path': paths[signal],
        te: 'trailers',
        'content-type': 'application/grpc',
        ...(target.gzip ? { 'grpc-encoding': 'gzip' } : {}),
      };
      let used: ClientHttp2Session;
      try {
        used = open();
      } catch (error) {
        // A certificate or a key is none.
        return { kind: 'failed', retry: false, reason: String(error) };
      }
      used.ref();
      const result = await exchange(() => used.request(head), frame, abort);
      // One that does not answer may be dead, which nothing else would notice.
      if (result.kind === 'failed' && result.retry) used.destroy();
      // Idle, it keeps no program alive.
      else used.unref();
      return result;
    },
    close: () => session?.destroy(),
  };
}

function exchange(open: () => ClientHttp2Stream, frame: Buffer, abort: AbortSignal): Promise<PostResult> {
  return new Promise((resolve) => {
    let stream: ClientHttp2Stream;
    try {
      stream = open();
    } catch (error) {
      // A header is none that can be sent.
      return resolve({ kind: 'failed', retry: false, reason: String(error) });
    }
    const parts: Buffer[] = [];
    let bytes = 0;
    let head: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    let failure: Error | undefined;
    const end = (): void => {
      abort.removeEventListener('abort', giveUp);
      resolve(resultOf(head, trailers, Buffer.concat(parts), failure));
    };
    const giveUp = (): void => {
      stream.close(constants.NGHTTP2_CANCEL);
      // Without a connection, the stream would end only with the attempt to make one.
      end();
    };
    abort.addEventListener('abort', giveUp, { once: true });
    stream.on('response', (fields) => (head = fields));
    stream.on('trailers', (fields: IncomingHttpHeaders) => (trailers = fields));
    stream.on('error', (error: Error) => (failure = error));
    stream.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= maxAnswerBytes) parts.push(part);
      else giveUp();
    });
    stream.on('close', end);
    if (abort.aborted) giveUp();
    stream.end(frame);
  });
}

function resultOf(
  head: IncomingHttpHeaders,
  trailers: IncomingHttpHeaders,
  body: Buffer,
  failure: Error | undefined,
): PostResult {
  const code = trailers['grpc-status'] ?? head['grpc-status'];
  if (code === undefined) {
    const http = Number(head[':status']);
    if (Number.isNaN(http)) return { kind: 'failed', retry: true, reason: failure?.message ?? 'no answer' };
    if (http === 200) return { kind: 'failed', retry: true, reason: 'the answer was cut off' };
    return { kind: 'failed', retry: unreachable.has(http), reason: `HTTP status ${http}` };
  }
  const status = statusName(Number(code));
  // An answer that is compressed, although nobody asked for that, only says what was not taken.
  if (status === 'OK') return { kind: 'sent', answer: body[0] === 0 ? body.subarray(prefixBytes) : Buffer.alloc(0) };
  const text = decodeStatusMessage(String(trailers['grpc-message'] ?? head['grpc-message'] ?? ''));
  const reason = `gRPC status ${status}${text === '' ? '' : `: ${text.slice(0, 200)}`}`;
  return { kind: 'failed', retry: retryable.has(status), reason };
}
