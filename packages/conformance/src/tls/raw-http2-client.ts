import { connect, type TLSSocket } from 'node:tls';
import { waitUntil } from '@flotilla/testing';

/** One HTTP/2 frame as it came in. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** The types of frames a test names (RFC 9113, 6). */
export const frameType = {
  data: 0x0,
  headers: 0x1,
  reset: 0x3,
  settings: 0x4,
  ping: 0x6,
  goaway: 0x7,
  windowUpdate: 0x8,
} as const;

export const frameFlag = { endStream: 0x1, endHeaders: 0x4 } as const;

/** An HTTP/2 client that sends exactly the frames it is told, broken ones too. Dispose it with `using`. */
export class RawHttp2Client implements Disposable {
  readonly frames: RawFrame[] = [];
  #received: Buffer = Buffer.alloc(0);
  readonly #socket: TLSSocket;
  #closed = false;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
    });
  }

  /** Connects and sends what begins a session: the preface and empty settings. */
  static async connect(port: number): Promise<RawHttp2Client> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', () => resolve());
      socket.once('error', reject);
    });
    const client = new RawHttp2Client(socket);
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.send(frameType.settings, 0, 0);
    return client;
  }

  send(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): void {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    if (!this.#socket.destroyed) this.#socket.write(Buffer.concat([head, payload]));
  }

  /** Sends a request's head; `fields` as `[name, value, …]`, written as they are. */
  sendHead(stream: number, fields: readonly string[], options: { readonly endStream?: boolean } = {}): void {
    const flags = frameFlag.endHeaders | (options.endStream === false ? 0 : frameFlag.endStream);
    this.send(frameType.headers, flags, stream, literalFields(fields));
  }

  sendData(stream: number, bytes: string, endStream: boolean): void {
    this.send(frameType.data, endStream ? frameFlag.endStream : 0, stream, Buffer.from(bytes));
  }

  reset(stream: number, code: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(code);
    this.send(frameType.reset, 0, stream, payload);
  }

  /** The first frame of this type on this stream. */
  async frame(type: number, stream: number): Promise<RawFrame> {
    const find = (): RawFrame | undefined => this.frames.find((one) => one.type === type && one.stream === stream);
    await waitUntil(`a frame of type ${type} has come on stream ${stream}`, () => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error('No frame');
    return found;
  }

  /** The code with which the peer has reset this stream. */
  async resetCode(stream: number): Promise<number> {
    return (await this.frame(frameType.reset, stream)).payload.readUInt32BE();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Waits until the peer has closed the connection. */
  closed(): Promise<void> {
    return waitUntil('the connection has closed', () => this.#closed);
  }

  /** Stops reading: what the peer writes fills the buffers. */
  stall(): void {
    this.#socket.pause();
  }

  /** Sends FIN and goes on reading. */
  end(): void {
    this.#socket.end();
  }

  /** Sends bytes that are no frame, within TLS. */
  sendBytes(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= 9) {
      const end = 9 + this.#received.readUIntBE(0, 3);
      if (this.#received.length < end) return;
      const [type = 0, flags = 0] = this.#received.subarray(3, 5);
      const stream = this.#received.readUInt32BE(5) & 0x7fffffff;
      this.frames.push({ type, flags, stream, payload: Buffer.from(this.#received.subarray(9, end)) });
      this.#received = this.#received.subarray(end);
      if (type === frameType.settings && (flags & 1) === 0) this.send(frameType.settings, 1, 0);
    }
  }
}

/** HPACK's plainest form: each name and value written out, nothing remembered (RFC 7541, 6.2.2). */
function literalFields(fields: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    parts.push(Buffer.from([0]), literal(fields[at] ?? ''), literal(fields[at + 1] ?? ''));
  }
  return Buffer.concat(parts);
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const length: number[] = [];
  // An integer with a prefix of seven bits (RFC 7541, 5.1).
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
