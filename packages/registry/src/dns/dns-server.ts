import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import { responseCodes } from './dns-numbers.ts';
import { type Query, readQuery } from './read-query.ts';
import { type Answer, maxTcpBytes, ownUdpBytes, writeAnswer } from './write-answer.ts';

/** What a {@link DnsServer} works with. */
export interface DnsServerOptions {
  readonly resolve: (query: Query) => Answer;
  /** Makes the TCP server listen. Default: its own `listen`. */
  readonly listen?: (
    server: Server,
    where: { readonly name: string; readonly host: string; readonly port: number },
  ) => Promise<{ readonly address: string; readonly port: number }>;
  /** Told of an answer that could not be made: a defect. */
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  /**
   * How long a TCP connection may go without a whole query, and an answer may go unread, in milliseconds. Default 10 000:
   * clients ask at once, and come again.
   */
  readonly idleMs?: number;
  /** The most TCP connections at the same time; more are closed at once. Default 256. */
  readonly maxConnections?: number;
}

/** What a client without EDNS takes over UDP (RFC 1035). */
const plainUdpBytes = 512;

/** A query with a name of the largest size and EDNS has about 300. */
const maxQueryBytes = 4_096;

/** A connection with more unread answers than this is not read from. */
const maxUnreadBytes = 262_144;

/** Serves DNS over UDP and TCP, on one port number. It answers from memory, at once. */
export class DnsServer {
  readonly #options: DnsServerOptions;
  readonly #tcp: Server;
  readonly #connections = new Set<Socket>();
  #udp: UdpSocket | undefined;

  constructor(options: DnsServerOptions) {
    this.#options = options;
    this.#tcp = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    this.#tcp.maxConnections = options.maxConnections ?? 256;
  }

  /** Rejects with the system's error if one of the two ports cannot be used. */
  async listen(where: { readonly name: string; readonly host: string; readonly port: number }): Promise<{
    readonly address: string;
    readonly port: number;
  }> {
    const bound = await (this.#options.listen ?? listenOn)(this.#tcp, where);
    const udp = createSocket({ type: isIP(bound.address) === 6 ? 'udp6' : 'udp4', ipv6Only: false });
    this.#udp = udp;
    udp.on('message', (message, sender) => this.#answerDatagram(udp, message, sender));
    const failed = once(udp, 'error').then(([error]) => Promise.reject(error));
    const listening = once(udp, 'listening');
    udp.bind({ address: bound.address, port: bound.port, exclusive: true });
    await Promise.race([listening, failed]);
    failed.catch((error) => this.#options.onError(error));
    udp.on('error', (error) => this.#options.onError(error));
    return bound;
  }

  /** Takes no more connections. Answers are made at once, so none is to be waited for but those that are being sent. */
  async drain(signal: AbortSignal): Promise<void> {
    if (!this.#tcp.listening) return;
    const closed = new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
    for (const socket of this.#connections) socket.end();
    const given = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    if (!signal.aborted) await Promise.race([closed, given]);
  }

  async close(): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    if (this.#tcp.listening) await new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
    const udp = this.#udp;
    this.#udp = undefined;
    if (udp !== undefined) await new Promise<void>((resolve) => udp.close(resolve));
  }

  #answerDatagram(udp: UdpSocket, message: Uint8Array, { address, port }: RemoteInfo): void {
    const answer = this.#answer(message, (query) =>
      query.edns === undefined ? plainUdpBytes : Math.max(plainUdpBytes, Math.min(query.edns.udpBytes, ownUdpBytes)),
    );
    // Port 0 can be forged, but not sent to. A client that is gone by now does not matter.
    if (answer !== undefined && port > 0) udp.send(answer, port, address, () => {});
  }

  #serve(socket: Socket): void {
    const { clock, idleMs = 10_000 } = this.#options;
    const end = (): void => void socket.destroy();
    this.#connections.add(socket);
    let held: Buffer = Buffer.alloc(0);
    let deadline = clock.after(idleMs, end);
    socket.once('close', () => {
      deadline.cancel();
      this.#connections.delete(socket);
    });
    socket.on('error', end);
    socket.on('drain', () => socket.resume());
    socket.on('data', (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      while (held.length >= 2) {
        const next = 2 + held.readUInt16BE(0);
        if (next > maxQueryBytes) return end();
        if (held.length < next) break;
        const answer = this.#answer(held.subarray(2, next), () => maxTcpBytes);
        held = held.subarray(next);
        // What is no query at all gets no answer, and nothing after it can be trusted.
        if (answer === undefined) return end();
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        const isRead = socket.write(Buffer.concat([length, answer]));
        // Only whole queries and read answers earn more time: who sends a byte now and then does not.
        if (isRead) {
          deadline.cancel();
          deadline = clock.after(idleMs, end);
        }
      }
      if (socket.writableLength > maxUnreadBytes) socket.pause();
    });
  }

  /** The answer to a message; undefined if it is not to be answered. Never throws. */
  #answer(message: Uint8Array, maxBytesOf: (query: Query) => number): Buffer | undefined {
    const query = readQuery(message);
    if (query === undefined) return undefined;
    const maxBytes = maxBytesOf(query);
    try {
      return writeAnswer(query, this.#options.resolve(query), maxBytes);
    } catch (error) {
      this.#options.onError(error);
      const nothing = { authoritative: false, answers: [], authority: [], additional: [] };
      return writeAnswer(query, { code: responseCodes.serverFailure, ...nothing }, maxBytes);
    }
  }
}

async function listenOn(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly address: string; readonly port: number }> {
  server.listen({ host, port });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The TCP server has no port');
  return address;
}
