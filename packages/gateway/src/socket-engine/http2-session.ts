import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { DEFAULT_LIMITS, RequestHeadParser } from '@flotilla/http1';
import type { HeaderList } from '../headers/header-list.ts';
import type { AcceptedConnection } from './client-listener.ts';
import type { ClientSettings } from './client-settings.ts';
import { asHttp1Head } from './http2-request.ts';
import { Http2StreamClient } from './http2-stream-client.ts';
import { incomingRequest } from './incoming-request.ts';
import { Deadline } from './timer-wheel.ts';

/** Requests that one client may have open at once; what browsers count on at least. */
const maxConcurrentStreams = 100;
/** `:method`, `:scheme`, `:authority`, `:path`. */
const pseudoFields = 4;
/** What one session may make the process keep; well above what its streams need. */
const sessionMemoryMegabytes = 10;

/** One HTTP/2 connection: each of its streams is a request like any other. */
export class Http2Session implements AcceptedConnection {
  readonly #session: ServerHttp2Session;
  readonly #settings: ClientSettings;
  readonly #deadline: Deadline;
  readonly #remoteAddress: string;
  readonly #authority: string;
  #streams = 0;
  #closed = false;

  constructor(socket: TLSSocket, settings: ClientSettings) {
    this.#settings = settings;
    this.#remoteAddress = socket.remoteAddress ?? '';
    this.#authority = settings.ownAuthority(socket);
    this.#deadline = new Deadline(() => this.drain());
    this.#session = performServerHandshake(socket, {
      settings: { maxConcurrentStreams, enablePush: false, maxHeaderListSize: settings.parserLimits.maxHeadBytes },
      maxHeaderListPairs: settings.parserLimits.maxFields + pseudoFields,
      maxSessionMemory: sessionMemoryMegabytes,
      // A client that opens and resets streams in a loop makes work for nothing (CVE-2023-44487).
      streamResetBurst: 200,
      streamResetRate: 20,
    });
    this.#session.on('stream', (stream, _headers, flags, raw) => this.#onStream(stream, flags, raw));
    this.#session.on('error', () => undefined);
    this.#session.on('close', () => this.#onClose());
    settings.wheel.set(this.#deadline, settings.timeouts.keepAliveIdleMs);
  }

  drain(): void {
    if (!this.#session.closed) this.#session.close();
  }

  destroy(): void {
    this.#session.destroy();
  }

  #onStream(stream: ServerHttp2Stream, flags: number, raw: HeaderList): void {
    const { clock, timeouts, wheel } = this.#settings;
    clock.refresh();
    this.#streams += 1;
    wheel.clear(this.#deadline);
    stream.once('close', () => {
      this.#streams -= 1;
      if (this.#streams === 0 && !this.#closed) wheel.set(this.#deadline, timeouts.keepAliveIdleMs);
    });
    const hasBody = (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0;
    const startedAtMs = clock.monotonicMs();
    const client = new Http2StreamClient(stream, wheel);
    const head = asHttp1Head(raw, hasBody);
    if (head === undefined) {
      const detail = 'The request has no method or path, or is a CONNECT.';
      return this.#settings.refuse(client, { reason: 'bad-request-line', status: 501, detail }, startedAtMs);
    }
    const parser = new RequestHeadParser({ ...DEFAULT_LIMITS, ...this.#settings.parserLimits });
    parser.push(head, 0, head.length);
    const parsed = parser.head;
    if (parsed === undefined) {
      const refused = parser.rejection ?? {
        reason: 'bad-request-line',
        status: 400,
        detail: 'The head is not complete.',
      };
      return this.#settings.refuse(client, refused, startedAtMs);
    }
    const incoming = incomingRequest(parsed, '2.0', {
      scheme: this.#settings.scheme,
      remoteAddress: this.#remoteAddress,
      authority: this.#authority,
    });
    client.serve(this.#settings.exchangeFor(client, incoming, parsed, startedAtMs), hasBody);
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#settings.wheel.forget(this.#deadline);
    this.#settings.closed();
  }
}
