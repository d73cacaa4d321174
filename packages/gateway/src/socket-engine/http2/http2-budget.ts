/**
 * A request that its client takes back within this time is work for nothing: an upstream was asked in vain. One that
 * was on for longer has been served in some part, and taking it back is what a page does that is left.
 */
const earlyResetMs = 1_000;

/**
 * Early resets a session may have: so many at once, and so many per second after that. A page that cancels twenty
 * requests ten times a second stays below it; a loop that opens and resets (CVE-2023-44487) makes tens of thousands.
 */
const resets = { burst: 1_000, perSecond: 250 } as const;

/**
 * Bytes a session may send beside what its requests are made of, such as the heads of frames with next to nothing in
 * them, pings, settings: so many at once, and so many per second after that. The latter are some 13,000 frames.
 */
const overheadBytes = { burst: 1_048_576, perSecond: 131_072 } as const;

/** Of what a request is made of, this part more may be frames: a frame of 16 KiB needs less than a thousandth. */
const framingShare = 1 / 16;

/** Why a session has to end. */
export type Http2Excess = 'resets' | 'overhead';

/**
 * What one HTTP/2 session may cost beside what it is served. Judged by cost and not by kind, so that whoever is served
 * is never ended for a habit, and who makes work for nothing is, whatever frame it is made with.
 */
export class Http2Budget {
  #resetsLeft: number = resets.burst;
  #overheadLeft: number = overheadBytes.burst;
  #refilledAtMs: number;
  #bytesRead = 0;

  constructor(nowMs: number) {
    this.#refilledAtMs = nowMs;
  }

  /** The client has taken a request back that was on for `ageMs`. */
  requestTakenBack(ageMs: number, nowMs: number): Http2Excess | undefined {
    if (ageMs >= earlyResetMs) return undefined;
    this.#refill(nowMs);
    this.#resetsLeft -= 1;
    return this.#resetsLeft < 0 ? 'resets' : undefined;
  }

  /** Bytes of a request's head, body or trailers have come, as they are without compression. */
  requestBytes(bytes: number): void {
    this.#overheadLeft += bytes * (1 + framingShare);
  }

  /** @param bytesRead all that the connection has brought until now */
  connectionRead(bytesRead: number, nowMs: number): Http2Excess | undefined {
    this.#overheadLeft -= bytesRead - this.#bytesRead;
    this.#bytesRead = bytesRead;
    this.#refill(nowMs);
    return this.#overheadLeft < 0 ? 'overhead' : undefined;
  }

  #refill(nowMs: number): void {
    const seconds = (nowMs - this.#refilledAtMs) / 1_000;
    this.#refilledAtMs = nowMs;
    this.#resetsLeft = Math.min(resets.burst, this.#resetsLeft + seconds * resets.perSecond);
    this.#overheadLeft = Math.min(overheadBytes.burst, this.#overheadLeft + seconds * overheadBytes.perSecond);
  }
}
