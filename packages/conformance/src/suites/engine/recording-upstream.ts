import { createServer, type Socket } from 'node:net';
import { BodyDecoder, DEFAULT_LIMITS, type ParsedRequestHead, RequestHeadParser } from '@flotilla/http1';

/** One request as a strict server read it. */
export interface RecordedRequest {
  readonly head: ParsedRequestHead;
  /** Latin-1 text. */
  body: string;
  trailers: readonly string[];
  complete: boolean;
  /** Which connection brought it, counted from 0. */
  readonly connection: number;
}

/** An upstream that reads what it gets with the strict codec, notes it, and answers each whole request. */
export interface RecordingUpstream extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** All requests whose head arrived, the incomplete ones too. */
  readonly requests: readonly RecordedRequest[];
  /** Why bytes were no request at all; nothing may ever be here. */
  readonly refusals: readonly string[];
  /** All bytes that arrived. */
  readonly receivedBytes: number;
}

/** Starts a {@link RecordingUpstream}. Its answer is 200 with the target as its body. */
export async function recordingUpstream(): Promise<RecordingUpstream> {
  const requests: RecordedRequest[] = [];
  const refusals: string[] = [];
  const sockets = new Set<Socket>();
  let receivedBytes = 0;
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const reader = new RequestReader(connections++, requests, (target) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`, 'latin1');
    });
    sockets.add(socket);
    socket.on('data', (chunk) => {
      receivedBytes += chunk.length;
      const refusal = reader.read(chunk);
      if (refusal === undefined) return;
      refusals.push(refusal);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    address: '127.0.0.1',
    port: typeof bound === 'object' && bound !== null ? bound.port : 0,
    requests,
    refusals,
    get receivedBytes() {
      return receivedBytes;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Reads the requests of one connection. */
class RequestReader {
  readonly #connection: number;
  readonly #requests: RecordedRequest[];
  readonly #onRequest: (target: string) => void;
  readonly #parser = new RequestHeadParser({ ...DEFAULT_LIMITS, maxHeadBytes: 65_536, maxFields: 200 });
  readonly #decoder = new BodyDecoder('request');
  #current: RecordedRequest | undefined;

  constructor(connection: number, requests: RecordedRequest[], onRequest: (target: string) => void) {
    this.#connection = connection;
    this.#requests = requests;
    this.#onRequest = onRequest;
  }

  /** Returns why the bytes were refused, if they were. */
  read(chunk: Buffer): string | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.#current === undefined) {
        at += this.#parser.push(chunk, at, chunk.length);
        if (this.#parser.rejection !== undefined) return this.#parser.rejection.reason;
        const { head } = this.#parser;
        if (head === undefined) return undefined;
        this.#current = { head, body: '', trailers: [], complete: false, connection: this.#connection };
        this.#requests.push(this.#current);
        this.#decoder.start(head.framing, head.contentLength);
      }
      at = this.#readBody(this.#current, chunk, at);
      if (this.#decoder.rejection !== undefined) return this.#decoder.rejection.reason;
    }
    return undefined;
  }

  #readBody(request: RecordedRequest, chunk: Buffer, from: number): number {
    const decoder = this.#decoder;
    let event = decoder.read(chunk, from, chunk.length);
    while (event === 'data') {
      request.body += chunk.toString('latin1', decoder.dataStart, decoder.dataEnd);
      event = decoder.read(chunk, decoder.position, chunk.length);
    }
    if (event === 'end') {
      request.trailers = decoder.trailers;
      request.complete = true;
      this.#current = undefined;
      this.#parser.reset();
      this.#onRequest(request.head.target);
    }
    return decoder.position;
  }
}
