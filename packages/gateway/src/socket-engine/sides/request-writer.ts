import type { Socket } from 'node:net';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { Flushable, WriteBatch } from '../memory/write-batch.ts';

/** Writes the requests of one upstream connection, one after the other. */
export class RequestWriter implements Flushable {
  readonly #socket: Socket;
  readonly #batch: WriteBatch;
  #done = false;
  /** A request that has not left yet. */
  #whole = '';
  #bytesBefore = 0;

  constructor(socket: Socket, batch: WriteBatch) {
    this.#socket = socket;
    this.#batch = batch;
  }

  /** The next request begins. */
  begin(): void {
    this.#done = false;
    this.#bytesBefore = this.#socket.bytesWritten;
  }

  /** Whether a request waits for the end of the turn: none of it has left. */
  get waiting(): boolean {
    return this.#whole !== '';
  }

  /** Whether the request has been written as a whole. */
  get written(): boolean {
    return this.#done;
  }

  /** Whether all of the request has been handed to the system, which took it. */
  get left(): boolean {
    return this.#done && this.#socket.writableLength === 0 && !this.#deaf;
  }

  /** Bytes of the current request handed to the system. */
  get bytesSent(): number {
    return this.#socket.bytesWritten - this.#bytesBefore;
  }

  /** What was written and has not been handed to the system. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Whether so much waits to leave that the writer should stop until `onWritable`. */
  get backedUp(): boolean {
    return this.#socket.writableLength >= maxUnsentBytes;
  }

  /** Whether the upstream takes no bytes any more. */
  get #deaf(): boolean {
    return this.#socket.errored !== null;
  }

  /** Writes text whose characters are bytes. */
  text(text: string): void {
    if (!this.#deaf) this.#socket.write(text, 'latin1');
  }

  /** Writes a request that is text as a whole, at the end of the turn. */
  whole(text: string): void {
    this.#whole = text;
    this.#done = true;
    this.#batch.add(this);
  }

  writeReady(): void {
    const text = this.#whole;
    this.#whole = '';
    if (text !== '' && !this.#deaf) this.#socket.write(text, 'latin1');
  }

  /** Writes bytes, which must stay untouched until they have left. */
  bytes(bytes: Buffer): void {
    if (!this.#deaf) this.#socket.write(bytes);
  }

  /** Holds back what is written until {@link uncork}, so that a head and its body leave in one call. */
  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  /** The request has been written as a whole. */
  end(): void {
    this.#done = true;
  }

  /** The connection is closed: what waits does not leave. */
  forget(): void {
    this.#whole = '';
  }
}
