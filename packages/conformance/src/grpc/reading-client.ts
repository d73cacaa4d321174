import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { rawFrame } from './raw-call.ts';

/** How a call ended, as it came over the wire. */
export interface RawGrpcAnswer {
  /** The status of HTTP; 0 if there was none. */
  readonly httpStatus: number;
  /** The code with which HTTP/2 reset the stream; 0 if it ended well. */
  readonly reset: number;
  /** The number of gRPC's status; undefined if the call ended without one. */
  readonly status: number | undefined;
  /** `grpc-message`, decoded. */
  readonly message: string;
  /** The code of `google.rpc.ErrorInfo` in the details. */
  readonly reason: string | undefined;
  /** The fields that `google.rpc.BadRequest` in the details names, and the code of what is wrong with each. */
  readonly fields: readonly { readonly field: string; readonly reason: string }[];
  /** Seconds of `google.rpc.RetryInfo` in the details. */
  readonly retryAfterS: number | undefined;
  /** The messages, without their prefixes. */
  readonly messages: readonly Buffer[];
  /** Metadata, of the beginning and the end. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is sent, and how. Whatever is not given is as a good client sends it. */
export interface RawGrpcCall {
  /** Replaces or adds header fields; `undefined` leaves one out. */
  readonly headers?: OutgoingHttpHeaders;
  /** The bytes of the body with all prefixes, instead of one message. */
  readonly body?: Uint8Array;
  /** When to give up the call: with its first bytes, or a moment after its last. Default: never. */
  readonly cancel?: 'at once' | 'after sending';
}

/** A client that sends exactly what it is told, over one connection. It shares no code with the server. */
export interface RawGrpc {
  call(path: string, message: Uint8Array, call?: RawGrpcCall): Promise<RawGrpcAnswer>;
  close(): void;
}

/** A client for the server at this port. Each call ends after ten seconds at the latest: nothing may hang. */
export async function connectRawGrpc(port: number): Promise<RawGrpc> {
  const open = async (): Promise<ClientHttp2Session> => {
    // Node goes on counting what it could not send because the server had answered before.
    const session = connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 1_000 });
    await new Promise<void>((resolve, reject) => {
      session.once('connect', () => resolve());
      session.once('error', reject);
    });
    session.on('error', () => undefined);
    return session;
  };
  let session = await open();
  return {
    async call(path, message, call = {}) {
      // A server may end the connection of a client that breaks the protocol.
      if (session.closed || session.destroyed) session = await open();
      return exchange(session, path, message, call);
    },
    close: () => session.destroy(),
  };
}

function exchange(
  session: ClientHttp2Session,
  path: string,
  message: Uint8Array,
  { headers = {}, body = rawFrame(message), cancel }: RawGrpcCall,
): Promise<RawGrpcAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawGrpcAnswer>();
  const all: OutgoingHttpHeaders = {
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  };
  const stream = session.request(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
  const metadata: Record<string, string> = {};
  const chunks: Buffer[] = [];
  const keep = (fields: object): void => {
    for (const [name, value] of Object.entries(fields)) if (name !== '') metadata[name] = String(value);
  };
  stream.on('response', keep).on('trailers', keep);
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  const limit = setTimeout(() => {
    reject(new Error(`${path} did not end within ten seconds`));
    stream.close();
  }, 10_000);
  stream.on('close', () => {
    clearTimeout(limit);
    resolve(answerOf(metadata, Buffer.concat(chunks), stream.rstCode ?? 0));
  });
  send(stream, body, cancel);
  return promise;
}

function send(stream: ClientHttp2Stream, body: Uint8Array, cancel: RawGrpcCall['cancel']): void {
  const cancelled = 8; // RFC 9113, section 7: CANCEL.
  if (cancel === 'at once') {
    stream.write(body.subarray(0, 3), () => stream.close(cancelled));
    return;
  }
  stream.end(body, () => {
    if (cancel !== undefined) setImmediate(() => stream.close(cancelled));
  });
}

function answerOf(metadata: Readonly<Record<string, string>>, body: Buffer, reset: number): RawGrpcAnswer {
  const status = metadata['grpc-status'];
  return {
    httpStatus: Number(metadata[':status'] ?? 0),
    reset,
    status: status === undefined ? undefined : Number(status),
    message: decodeURIComponent(metadata['grpc-message'] ?? ''),
    ...detailsOf(metadata['grpc-status-details-bin']),
    messages: messagesOf(body),
    metadata,
  };
}

function messagesOf(body: Buffer): readonly Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 5 <= body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    messages.push(body.subarray(at + 5, end));
    at = end;
  }
  return messages;
}

type Details = Pick<RawGrpcAnswer, 'reason' | 'fields' | 'retryAfterS'>;

/** Reads `google.rpc.Status` by the numbers of its fields. */
function detailsOf(base64: string | undefined): Details {
  let details: Details = { reason: undefined, fields: [], retryAfterS: undefined };
  if (base64 === undefined) return details;
  for (const any of fieldsOf(Buffer.from(base64, 'base64'), 3)) {
    const type = textOf(any, 1);
    const [value = Buffer.alloc(0)] = fieldsOf(any, 2);
    if (type.endsWith('/google.rpc.ErrorInfo')) details = { ...details, reason: textOf(value, 1) };
    if (type.endsWith('/google.rpc.BadRequest')) details = { ...details, fields: fieldsOf(value, 1).map(violation) };
    if (type.endsWith('/google.rpc.RetryInfo')) {
      const [delay = Buffer.alloc(0)] = fieldsOf(value, 1);
      details = { ...details, retryAfterS: delay.length === 0 ? 0 : secondsOf(delay) };
    }
  }
  return details;
}

function violation(bytes: Uint8Array): Details['fields'][number] {
  return { field: textOf(bytes, 1), reason: textOf(bytes, 3) };
}

function textOf(message: Uint8Array, number: number): string {
  return Buffer.from(fieldsOf(message, number)[0] ?? []).toString('utf8');
}

/** The values of a field of texts or messages. */
function fieldsOf(message: Uint8Array, number: number): readonly Uint8Array[] {
  const reader = new BinaryReader(message);
  const values: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [found, type] = reader.tag();
    if (found === number && type === 2) values.push(reader.bytes());
    else reader.skip(type, found);
  }
  return values;
}

/** The seconds of a `google.protobuf.Duration`. */
function secondsOf(duration: Uint8Array): number {
  const reader = new BinaryReader(duration);
  let seconds = 0;
  while (reader.pos < reader.len) {
    const [found] = reader.tag();
    seconds += found === 1 ? Number(reader.int64()) : reader.int32() / 1e9;
  }
  return seconds;
}
