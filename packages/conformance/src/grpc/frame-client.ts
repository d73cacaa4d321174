import { connect, type Socket } from 'node:net';

/** A frame of HTTP/2 (RFC 9113, 4.1). */
export interface Http2Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** The types of frames that tests speak of. */
export const frameTypes = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7 } as const;

const acknowledgement = 1;
const endOfHeaders = 4;
const endOfStream = 1;

/** A client of HTTP/2 that sends just the frames it is told to, and answers nothing by itself. */
export class FrameClient {
  readonly socket: Socket;
  readonly received: Http2Frame[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    this.send({ type: frameTypes.settings });
    this.send({ type: frameTypes.settings, flags: acknowledgement });
  }

  send({
    type,
    flags = 0,
    stream = 0,
    payload = Buffer.alloc(0),
  }: Partial<Http2Frame> & Pick<Http2Frame, 'type'>): void {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    this.socket.write(Buffer.concat([head, payload]));
  }

  /** Begins a gRPC call; `message` with its prefix ends it, if it is given. */
  call(stream: number, path: string, message?: Buffer): void {
    const fields = { ':path': path, ':authority': 'test', te: 'trailers', 'content-type': 'application/grpc' };
    // The method POST and the scheme http are in HPACK's table.
    const payload = Buffer.concat([Buffer.from([0x83, 0x86]), ...Object.entries(fields).map(literal)]);
    this.send({ type: frameTypes.headers, flags: endOfHeaders, stream, payload });
    if (message !== undefined) this.send({ type: frameTypes.data, flags: endOfStream, stream, payload: message });
  }

  /** The first frame received that `matches`, as soon as it is there. */
  async frame(matches: (frame: Http2Frame) => boolean): Promise<Http2Frame> {
    for (;;) {
      const found = this.received.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const end = this.#bytes.length < 9 ? Number.POSITIVE_INFINITY : 9 + this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < end) break;
      const [type = 0, flags = 0] = [this.#bytes[3], this.#bytes[4]];
      this.received.push({ type, flags, stream: this.#bytes.readUInt32BE(5), payload: this.#bytes.subarray(9, end) });
      this.#bytes = this.#bytes.subarray(end);
    }
    this.#wake();
  }
}

/** A field as HPACK's literal without indexing (RFC 7541, 6.2.2). */
function literal([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}
