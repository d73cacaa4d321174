import { connect, type Socket } from 'node:net';
import { BodyDecoder, ResponseHeadParser } from '@flotilla/http1';
import type { Random } from '../fuzz/random.ts';
import { bodyOf, tokenField } from './chaos-upstream.ts';
import { offer } from './web-socket.ts';

/** What the clients have seen. */
export interface ClientCounts {
  connections: number;
  sent: number;
  answered: number;
  /** Connections that the client left in the middle of something. */
  left: number;
  /** Answers that ended before they were whole. */
  cut: number;
  byStatus: Record<number, number>;
}

interface Request {
  readonly method: string;
  readonly token: string;
  readonly text: string;
}

/** Opens a connection, sends a few requests in some odd way, reads the answers, and leaves when and how it likes. */
export function runClient(port: number, random: Random, counts: ClientCounts, nextToken: () => string): Promise<void> {
  counts.connections += 1;
  const requests = Array.from({ length: 1 + random.below(6) }, () => makeRequest(random, nextToken()));
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: random.chance(10) });
    const reader = new AnswerReader(socket, requests, counts, reject);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      reader.onEnd();
      resolve();
    });
    socket.on('end', () => socket.end());
    socket.on('data', (chunk) => reader.read(chunk));
    const leaveAfter = random.chance(40) ? random.below(4_000) : Number.POSITIVE_INFINITY;
    socket.on('connect', () => void send(socket, random, requests, leaveAfter, counts));
  });
}

async function send(
  socket: Socket,
  random: Random,
  requests: readonly Request[],
  leaveAfter: number,
  counts: ClientCounts,
): Promise<void> {
  const bytes = Buffer.from(requests.map(({ text }) => text).join(''), 'latin1');
  const silentAfter = random.chance(6) ? random.below(bytes.length) : Number.POSITIVE_INFINITY;
  const sizes = random.pick([[bytes.length], [1, 7, 300], [1_000, 64_000]]);
  if (random.chance(10)) stallNow(socket, random);
  counts.sent += requests.length;
  for (let at = 0; at < bytes.length && !socket.destroyed; ) {
    const size = random.pick(sizes);
    // Says nothing more, and waits for what the gateway makes of it.
    if (at > 0 && at >= silentAfter) return;
    if (at + size >= leaveAfter) {
      socket.write(bytes.subarray(at, leaveAfter));
      return leave(socket, random, counts);
    }
    socket.write(bytes.subarray(at, at + size));
    at += size;
    if (sizes.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
  if (random.chance(15)) setTimeout(() => leave(socket, random, counts), random.below(60));
}

/** Reads nothing for a while, or for ever. */
function stallNow(socket: Socket, random: Random): void {
  socket.pause();
  if (random.chance(80)) setTimeout(() => socket.resume(), random.below(200));
  else setTimeout(() => socket.destroy(), 1_500);
}

function leave(socket: Socket, random: Random, counts: ClientCounts): void {
  if (socket.destroyed) return;
  counts.left += 1;
  // Node never closes a socket that is reset while it is ending.
  if (random.chance(50) && socket.writable) socket.resetAndDestroy();
  else socket.destroy();
}

function makeRequest(random: Random, token: string): Request {
  const method = random.pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'DELETE']);
  const target = random.chance(5)
    ? '/nothing'
    : random.chance(5)
      ? '/ship/../x'
      : `/${random.pick(['ship', 'ship', 'asked'])}/${token}?q=1`;
  let fields = `Host: soak.example\r\n${tokenField}: ${token}\r\n`;
  let body = '';
  if (random.chance(4)) fields += 'X-Bad : 1\r\n';
  if (random.chance(8)) fields += 'Connection: close\r\n';
  if (method === 'GET' && random.chance(8)) fields += offer;
  else if (method.startsWith('P')) {
    const content = 'b'.repeat(random.pick([0, 5, 3_000, 200_000]));
    if (random.chance(10)) fields += 'Expect: 100-continue\r\n';
    if (random.chance(50)) {
      fields += `Content-Length: ${content.length}\r\n`;
      body = content;
    } else {
      fields += 'Transfer-Encoding: chunked\r\n';
      const chunk = content === '' ? '' : `${content.length.toString(16)}\r\n${content}\r\n`;
      body = random.chance(4) ? 'zz\r\n' : `${chunk}0\r\n${random.chance(30) ? 'X-Up: 1\r\n' : ''}\r\n`;
    }
  }
  const version = random.chance(8) ? '1.0' : '1.1';
  return { method, token, text: `${method} ${target} HTTP/${version}\r\n${fields}\r\n${body}` };
}

/** Reads answers with the strict codec and holds each to be the one of its request. */
class AnswerReader {
  readonly #socket: Socket;
  readonly #requests: readonly Request[];
  readonly #counts: ClientCounts;
  readonly #fail: (error: Error) => void;
  readonly #parser = new ResponseHeadParser();
  readonly #decoder = new BodyDecoder('response');
  #at = 0;
  #inBody = false;
  #bodyBytes = 0;
  #unit = '';
  #status = 0;
  #over = false;

  constructor(socket: Socket, requests: readonly Request[], counts: ClientCounts, fail: (error: Error) => void) {
    this.#socket = socket;
    this.#requests = requests;
    this.#counts = counts;
    this.#fail = fail;
    this.#expect();
  }

  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#over) {
      if (!this.#inBody) {
        at += this.#parser.push(chunk, at, chunk.length);
        if (this.#parser.rejection !== undefined) return this.#wrong(this.#parser.rejection.reason);
        const { head } = this.#parser;
        if (head === undefined) return;
        if (head.status === 101) return this.#onSwitch();
        if (head.informational) {
          this.#parser.reset();
          continue;
        }
        this.#status = head.status;
        // To a HEAD of which only a part could be read the answer has a body; nothing comes after it.
        if (head.status >= 400 && !head.keepAlive && this.#requests[this.#at]?.method === 'HEAD')
          return this.#onLastAnswer();
        this.#bodyBytes = 0;
        this.#unit = head.status === 200 ? bodyOf(this.#requests[this.#at]?.token ?? '') : '';
        this.#decoder.start(head.framing, head.contentLength);
        this.#inBody = true;
      }
      let event = this.#decoder.read(chunk, at, chunk.length);
      while (event === 'data') {
        if (!this.#isExpected(chunk.toString('latin1', this.#decoder.dataStart, this.#decoder.dataEnd))) {
          return this.#wrong(`a body that is not that of ${this.#unit}`);
        }
        event = this.#decoder.read(chunk, this.#decoder.position, chunk.length);
      }
      at = this.#decoder.position;
      if (event === 'rejected') return this.#wrong(this.#decoder.rejection?.reason ?? '');
      if (event === 'end') this.#onAnswer();
    }
  }

  onEnd(): void {
    if (this.#inBody && !this.#over && this.#decoder.finish()) this.#onAnswer();
    if (this.#inBody && !this.#over) this.#counts.cut += 1;
    this.#over = true;
  }

  #onAnswer(): void {
    const request = this.#requests[this.#at];
    this.#counts.answered += 1;
    this.#counts.byStatus[this.#status] = (this.#counts.byStatus[this.#status] ?? 0) + 1;
    if (request === undefined) return this.#wrong('an answer to no request');
    this.#inBody = false;
    this.#at += 1;
    this.#expect();
    if (this.#at === this.#requests.length) this.#socket.end();
  }

  #onLastAnswer(): void {
    this.#counts.answered += 1;
    this.#counts.byStatus[this.#status] = (this.#counts.byStatus[this.#status] ?? 0) + 1;
    this.#over = true;
  }

  /** Whether a part of a 200's body is what has to come at its place. */
  #isExpected(part: string): boolean {
    const { length } = this.#unit;
    if (length === 0) return true;
    const from = this.#bodyBytes % length;
    this.#bodyBytes += part.length;
    return this.#unit.repeat(Math.ceil((from + part.length) / length)).slice(from, from + part.length) === part;
  }

  #onSwitch(): void {
    this.#counts.byStatus[101] = (this.#counts.byStatus[101] ?? 0) + 1;
    this.#over = true;
    this.#socket.write('frame');
    setTimeout(() => this.#socket.end(), 20);
    setTimeout(() => this.#socket.destroy(), 400);
  }

  #expect(): void {
    const request = this.#requests[this.#at];
    this.#parser.expect(request?.method ?? 'GET', request?.text.includes('websocket') === true ? ['websocket'] : []);
  }

  #wrong(what: string): void {
    this.#over = true;
    this.#socket.destroy();
    this.#fail(new Error(`A client was answered wrongly: ${what}`));
  }
}
