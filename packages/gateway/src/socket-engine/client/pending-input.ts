import type { Socket } from 'node:net';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { AnswerWriter } from './answer-writer.ts';

/** What is kept of requests sent ahead before the connection is no longer read. */
const maxPipelinedBytes = 65_536;

/** What a client has sent behind the request that is being answered; and whether more of it is read. */
export class PendingInput {
  readonly #socket: Socket;
  #parts: Buffer[] = [];
  #bytes = 0;
  #paused = false;
  readonly #answers: AnswerWriter;

  constructor(socket: Socket, answers: AnswerWriter) {
    this.#socket = socket;
    this.#answers = answers;
  }

  get empty(): boolean {
    return this.#bytes === 0;
  }

  /** Whether there is something, and the client takes its answers, so that it may ask for more. */
  get ready(): boolean {
    return !this.empty && !this.#clogged();
  }

  /** Keeps the rest of a chunk while the client does not take its answers, which would pile up here. */
  holdsBack(chunk: Buffer, at: number): boolean {
    if (!this.#clogged()) return false;
    this.keep(chunk.subarray(at));
    this.pause();
    return true;
  }

  /** Keeps bytes for later, and reads no more when it is enough. */
  keep(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= maxPipelinedBytes) this.pause();
  }

  /** All of it, which is then gone from here; reading goes on. */
  take(): Buffer {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.clear();
    this.resume();
    return bytes;
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused || this.#bytes >= maxPipelinedBytes) return;
    this.#paused = false;
    this.#socket.resume();
  }

  #clogged(): boolean {
    const answers = this.#answers;
    // What waits for the end of the turn says nothing of the client.
    if (answers.gathered >= maxUnsentBytes) answers.flush();
    return this.#socket.writableLength >= maxUnsentBytes;
  }
}
