import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { grpcStatuses } from '@flotilla/contracts';

/** What came back on a stream. */
export interface RawAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The code of the reset; 0: none, or none that says an error. */
  readonly reset: number;
}

/** One request over HTTP/2, sent just as it is said here. */
export interface RawCall {
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Written one after the other. Default: none. */
  readonly chunks?: readonly Uint8Array[];
  /** Default true. */
  readonly end?: boolean;
}

/** A client of gRPC that knows nothing of it. Close it in the end. */
export class RawGrpcClient {
  readonly session: ClientHttp2Session;

  constructor(port: number) {
    this.session = connect(`http://127.0.0.1:${port}`);
    this.session.on('error', () => undefined);
  }

  /** Sends a request, and resolves when its stream is closed. */
  async call({ path, headers = {}, chunks = [], end = true }: RawCall): Promise<RawAnswer> {
    const usual = { ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' };
    const stream = this.session.request({ ...usual, ...headers });
    let answered: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const body: Buffer[] = [];
    stream.on('response', (received) => (answered = received));
    stream.on('trailers', (received) => (trailers = received));
    stream.on('data', (chunk: Buffer) => body.push(chunk));
    // Its code says what happened.
    stream.on('error', () => undefined);
    for (const chunk of chunks) stream.write(chunk);
    if (end) stream.end();
    await new Promise((resolve) => stream.once('close', resolve));
    return { headers: answered, trailers, body: Buffer.concat(body), reset: stream.rstCode ?? 0 };
  }

  close(): void {
    this.session.destroy();
  }
}

/** The messages in a body that came whole. */
export function messagesIn<Desc extends DescMessage>(body: Buffer, schema: Desc): readonly MessageShape<Desc>[] {
  const messages: MessageShape<Desc>[] = [];
  for (let at = 0; at + 5 <= body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    messages.push(fromBinary(schema, body.subarray(at + 5, end)));
    at = end;
  }
  return messages;
}

/** A request that can be sent. */
export function requestFrame<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): Buffer {
  return rawFrame(toBinary(schema, create(schema, init)));
}

/** The status that a call ended with, by its name. */
export function statusOfAnswer({ headers, trailers }: RawAnswer): string {
  const number = Number(trailers['grpc-status'] ?? headers['grpc-status']);
  return number === 0 ? 'OK' : (grpcStatuses[number - 1] ?? `no status, reset ${number}`);
}

/** A message with gRPC's prefix; `flag` and `length` as they should not be, if given. */
export function rawFrame(
  message: Uint8Array,
  { flag = 0, length = message.length }: { readonly flag?: number; readonly length?: number } = {},
): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}
