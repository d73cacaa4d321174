import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ClientLoss } from '../../exchange/exchange-record.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { AcceptedConnection } from '../client/client-listener.ts';
import type { ClientSettings } from '../client/client-settings.ts';
import { type ConnectionFacts, connectionFacts, incomingRequest, sharedPlace } from '../sides/incoming-request.ts';
import { Alarm } from '../time/timer-wheel.ts';
import { Http2Budget, type Http2Excess } from './http2-budget.ts';
import type { ReportHttp2Excess } from './http2-excess-report.ts';
import { Http2RequestReader } from './http2-request.ts';
import { Http2StreamClient, type Http2StreamOwner } from './http2-stream-client.ts';

/** Requests that one client may have open at once; what browsers count on at least. */
const maxConcurrentStreams = 100;
/** What one session may make the process keep: above what all its streams together may have waiting. */
const sessionMemoryMegabytes = 16;
/** How much larger a head may be than the limit and still get an answer that says so; beyond, its stream is reset. */
const answeredExcess = 2;
/** How often what a session sends is compared with what it is good for. */
const lookMs = 1_000;
/** How long a client may take to close after it was told that its session ends. */
const lingerMs = 1_000;

/** One HTTP/2 connection: each of its streams is a request like any other. */
export class Http2Session implements AcceptedConnection, Http2StreamOwner {
  readonly settings: ClientSettings;
  readonly reader: Http2RequestReader;
  loss: ClientLoss = 'client-gone';
  readonly #session: ServerHttp2Session;
  readonly #socket: TLSSocket;
  readonly #alarm: Alarm;
  readonly #facts: ConnectionFacts;
  readonly #reportExcess: ReportHttp2Excess;
  readonly #budget: Http2Budget;
  readonly #nextLook: Alarm;
  #streams = 0;
  #closed = false;

  constructor(socket: TLSSocket, settings: ClientSettings, reportExcess: ReportHttp2Excess) {
    this.#socket = socket;
    this.#reportExcess = reportExcess;
    this.settings = settings;
    const { clock, parserLimits, timeouts, wheel } = settings;
    this.reader = new Http2RequestReader(parserLimits);
    this.#facts = connectionFacts(socket, settings, sharedPlace);
    clock.refresh();
    this.#budget = new Http2Budget(clock.monotonicMs());
    this.#nextLook = new Alarm(() => this.#look());
    this.#alarm = new Alarm(() => this.#onDeadline());
    this.#session = performServerHandshake(socket, {
      settings: {
        maxConcurrentStreams,
        enablePush: false,
        maxHeaderListSize: parserLimits.maxHeadBytes * answeredExcess,
      },
      maxHeaderListPairs: parserLimits.maxFields * answeredExcess,
      maxSessionMemory: sessionMemoryMegabytes,
      // What resets cost is judged by our budget, which knows what they were for. Node's limit, which counts them all,
      // stands behind it.
      streamResetBurst: 4_000,
      streamResetRate: 1_000,
      // White space around a value is for us to refuse: Node would drop the field and let the request pass.
      strictFieldWhitespaceValidation: false,
      // Fields that should be single are an upstream's matter: repeated ones are passed on, as over HTTP/1.1.
      strictSingleValueFields: false,
    });
    this.#session.on('stream', (stream, headers, flags, raw) =>
      this.#onStream(stream, headers[':method'] === 'HEAD', flags, raw),
    );
    this.#session.on('error', () => undefined);
    // The client has sent its last byte. HTTP/2 needs both directions, and has GOAWAY for one that wants no more.
    socket.on('end', () => this.#cut());
    socket.on('close', () => this.#onClose());
    wheel.set(this.#alarm, timeouts.keepAliveIdleMs);
    wheel.set(this.#nextLook, lookMs);
  }

  /** Tells the client that no further request is taken (GOAWAY); those under way finish. */
  drain(): void {
    this.settings.clock.refresh();
    if (!this.#session.closed) this.#session.close();
    if (this.#streams === 0) this.settings.wheel.set(this.#alarm, lingerMs);
  }

  destroy(): void {
    this.loss = 'shut-down';
    this.#cut();
  }

  #cut(): void {
    this.#end(constants.NGHTTP2_INTERNAL_ERROR);
    this.#socket.destroy();
  }

  #onStream(stream: ServerHttp2Stream, isHead: boolean, flags: number, raw: HeaderList): void {
    const { clock, wheel } = this.settings;
    clock.refresh();
    this.#streams += 1;
    wheel.clear(this.#alarm);
    const endsWithHead = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const startedAtMs = clock.monotonicMs();
    const client = new Http2StreamClient(stream, this, { endsWithHead, isHead });
    const reading = this.reader.head(raw, !endsWithHead);
    if (reading.kind === 'refused') return this.settings.dispatch.refuse(client, reading.rejection, startedAtMs);
    const parsed = reading.value;
    this.#budget.requestBytes(this.reader.headBytes);
    const incoming = incomingRequest(parsed, '2.0', this.#facts);
    const body = !endsWithHead ? 'stream' : parsed.framing === 'none' ? 'none' : 'empty';
    client.serve(this.settings.dispatch.exchangeFor(client, incoming, parsed, startedAtMs), body);
  }

  bodyBytes(bytes: number): void {
    this.#budget.requestBytes(bytes);
  }

  streamClosed(takenBackAfterMs: number | undefined): void {
    this.#streams -= 1;
    if (takenBackAfterMs !== undefined && !this.#closed) {
      const nowMs = this.settings.clock.monotonicMs();
      const excess = this.#budget.requestTakenBack(takenBackAfterMs, nowMs);
      if (excess !== undefined) return this.#endForExcess(excess);
    }
    if (this.#streams > 0 || this.#closed) return;
    const { clock, timeouts, wheel } = this.settings;
    clock.refresh();
    wheel.set(this.#alarm, this.#session.closed ? lingerMs : timeouts.keepAliveIdleMs);
  }

  #look(): void {
    const { clock, wheel } = this.settings;
    const excess = this.#budget.connectionRead(this.#socket.bytesRead, clock.monotonicMs());
    if (excess !== undefined) this.#endForExcess(excess);
    else wheel.set(this.#nextLook, lookMs);
  }

  /** The client makes more work than it is served for: the session ends, and says so (RFC 9113, 7). */
  #endForExcess(excess: Http2Excess): void {
    if (this.#session.destroyed) return;
    this.loss = 'broken';
    this.#reportExcess(excess, this.#facts.remoteAddress);
    this.#end(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // Node closes the socket once the client has been told; one that does not read must not keep it.
    this.settings.wheel.set(this.#alarm, lingerMs);
  }

  /** Ends the session and its streams, so that none seems to have ended well. Without an error Node takes the code for none. */
  #end(code: number): void {
    this.#session.destroy(new Error('The session was closed'), code);
  }

  /** Idle for too long, or told to end and still there. */
  #onDeadline(): void {
    if (this.#session.closed) this.#cut();
    else this.drain();
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.settings.wheel.forget(this.#alarm);
    this.settings.wheel.forget(this.#nextLook);
    this.settings.place.release();
  }
}
