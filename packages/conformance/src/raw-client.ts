import { connect, type Socket } from 'node:net';

/** A response as its bytes came in. */
export interface RawResponse {
  readonly status: number;
  /** Status line and field lines, without the empty line. */
  readonly head: string;
  /** The values of a field in order; `name` in lower case. */
  values(name: string): readonly string[];
  /** Decoded if it was chunked. */
  readonly body: string;
  /** Of a chunked body: `[name, value, …]`. */
  readonly trailers: readonly string[];
  /** Whether the framing said where the body ends and it came to that end. */
  readonly complete: boolean;
}

/** How the peer ended the connection: with FIN, or with a reset. */
export type RawEnd = 'ended' | 'reset';

/** An HTTP client that sends exactly the bytes it is told. Dispose it with `using`. */
export class RawClient implements Disposable {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #end: RawEnd | undefined;
  readonly #wakeUps = new Set<() => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', () => {
      this.#end ??= 'reset';
    });
    socket.on('end', () => {
      this.#end ??= 'ended';
      this.#wake();
    });
    socket.on('close', () => {
      this.#end ??= 'reset';
      this.#wake();
    });
  }

  static connect(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket));
      });
    });
  }

  /** Sends bytes as they are. */
  send(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next response, `1xx` ones too; undefined when the peer ended before its head was complete. */
  async response(options: { readonly toHead?: boolean } = {}): Promise<RawResponse | undefined> {
    for (;;) {
      const taken = takeResponse(this.#received, this.#end !== undefined, options.toHead === true);
      if (taken !== undefined) {
        this.#received = this.#received.subarray(taken.length);
        return taken.response;
      }
      if (this.#end !== undefined) return undefined;
      await this.#change();
    }
  }

  /** Waits until the peer has ended the connection and says how. */
  async ended(): Promise<RawEnd> {
    while (this.#end === undefined) await this.#change();
    return this.#end;
  }

  /** Everything received that no `response` has taken. */
  get rest(): string {
    return this.#received.toString('latin1');
  }

  /** Whether the peer has ended the connection. */
  get closed(): boolean {
    return this.#end !== undefined;
  }

  /** Sends FIN and still receives. */
  end(): void {
    this.#socket.end();
  }

  /** Reads again after {@link stall}. */
  resume(): void {
    this.#socket.resume();
  }

  /** Stops reading: the peer's writes then fill the buffers and stall. */
  stall(): void {
    this.#socket.pause();
  }

  /** Leaves with a reset, as a killed client does. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wakeUps.add(resolve));
  }

  #wake(): void {
    const waiting = [...this.#wakeUps];
    this.#wakeUps.clear();
    for (const resolve of waiting) resolve();
  }
}

interface Taken {
  readonly response: RawResponse;
  readonly length: number;
}

function takeResponse(bytes: Buffer, ended: boolean, toHead: boolean): Taken | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const lines = head.split('\r\n');
  const status = Number(lines[0]?.split(' ')[1]);
  const fields = lines.slice(1).map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const values = (name: string): readonly string[] => fields.filter(([key]) => key === name).map(([, value]) => value);
  const start = headEnd + 4;
  const result = (body: string, length: number, complete: boolean, trailers: readonly string[] = []): Taken => ({
    response: { status, head, values, body, trailers, complete },
    length,
  });
  if (toHead || status < 200 || status === 204 || status === 304) return result('', start, true);
  if (values('transfer-encoding').length > 0) {
    const { body, end, trailers } = takeChunks(bytes, start);
    if (end !== undefined) return result(body, end, true, trailers);
    return ended ? result(body, bytes.length, false) : undefined;
  }
  const [length] = values('content-length');
  if (length === undefined) return ended ? result(bytes.toString('utf8', start), bytes.length, false) : undefined;
  const end = start + Number(length);
  if (bytes.length >= end) return result(bytes.toString('utf8', start, end), end, true);
  return ended ? result(bytes.toString('utf8', start), bytes.length, false) : undefined;
}

interface TakenChunks {
  readonly body: string;
  readonly end: number | undefined;
  readonly trailers: readonly string[];
}

function takeChunks(bytes: Buffer, start: number): TakenChunks {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (size === 0) {
      const end = bytes.indexOf('\r\n\r\n', lineEnd);
      const lines = end < 0 ? [] : bytes.toString('latin1', lineEnd + 2, end).split('\r\n');
      const trailers = lines.filter((line) => line !== '').flatMap((line) => line.split(/: ?(.*)/s).slice(0, 2));
      return { body: Buffer.concat(chunks).toString('utf8'), end: end < 0 ? undefined : end + 4, trailers };
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
    if (at > bytes.length) break;
  }
  return { body: Buffer.concat(chunks).toString('utf8'), end: undefined, trailers: [] };
}
