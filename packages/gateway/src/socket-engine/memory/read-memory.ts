/** What nearly every answer fits in; shared, since each read is dealt with before the next begins. */
const sharedBytes = 65_536;
/** Long bodies move in larger pieces: a third less work for the same bytes. */
const ownBytes = 262_144;
/** A body of which so much has come is worth it. */
const longBodyBytes = 131_072;
/**
 * A receiver that keeps a piece is slower than the upstream, so copying is not what holds things up: the connection gets
 * another one only after this much more. A kept piece holds all its memory for the little that was read into it.
 */
const slowReceiverBytes = 1_048_576;
/** Connections that read into memory of their own at the same time: 16 MiB at most. The others go on with the shared one. */
const maxOwn = 64;
/** Pieces kept for the next long body; more would only hold memory after a rush. */
const freeKept = 4;

/**
 * The memory that upstream connections read into. All share one piece, of which a receiver has to copy what it keeps. A
 * connection that carries a long body borrows a piece of its own, so that nothing of it is copied.
 */
export class ReadMemory {
  readonly shared: Buffer = Buffer.allocUnsafeSlow(sharedBytes);
  readonly #free: Buffer[] = [];
  #borrowed = 0;

  /** Pieces lent at the moment. For leak tests. */
  get borrowed(): number {
    return this.#borrowed;
  }

  /** A piece for one connection alone, or the shared one when too many are lent. */
  borrow(): Buffer {
    if (this.#borrowed >= maxOwn) return this.shared;
    this.#borrowed += 1;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(ownBytes);
  }

  /** The piece is used no more; undefined: it was kept by a receiver, whose it is from now on. */
  giveBack(piece: Buffer | undefined): void {
    this.#borrowed -= 1;
    if (piece !== undefined && this.#free.length < freeKept) this.#free.push(piece);
  }
}

/** What one connection reads into, body after body. */
export class BodyMemory {
  /** For the next read. */
  piece: Buffer;
  readonly #memory: ReadMemory;
  #borrowAtBytes = longBodyBytes;

  constructor(memory: ReadMemory) {
    this.#memory = memory;
    this.piece = memory.shared;
  }

  /** Whether what was read into `chunk` has to be copied to be kept. */
  isLent(chunk: Buffer): boolean {
    return chunk === this.#memory.shared;
  }

  /** A receiver keeps `chunk`; `receivedBytes` of the body have come. */
  kept(chunk: Buffer, receivedBytes: number): void {
    if (chunk !== this.piece || this.isLent(chunk)) return;
    this.#memory.giveBack(undefined);
    this.piece = this.#memory.shared;
    this.#borrowAtBytes = receivedBytes + slowReceiverBytes;
  }

  /** More is to come of a body of which `receivedBytes` have. */
  goOn(receivedBytes: number): void {
    if (receivedBytes >= this.#borrowAtBytes && this.isLent(this.piece)) this.piece = this.#memory.borrow();
  }

  /** The body is over, or the connection. */
  reset(): void {
    if (!this.isLent(this.piece)) this.#memory.giveBack(this.piece);
    this.piece = this.#memory.shared;
    this.#borrowAtBytes = longBodyBytes;
  }
}
