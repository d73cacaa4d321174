import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** The bytes of an answer. */
export interface Body {
  readonly bytes: Buffer;
  readonly isCompressed: boolean;
}

interface Kept {
  readonly plain: Buffer;
  /** What it shows. */
  readonly version: number;
  readonly madeMs: number;
  compressed: Promise<Buffer> | undefined;
}

/** Renewals are no change of what is listed; a list shows them at most this late, in milliseconds. */
const keepMs = 30_000;

/** A list that long is not made more often than once a second, however much changes: all who ask meanwhile get the same. */
const longBytes = 1_048_576;
const longKeepMs = 1_000;

/** Shorter ones are not worth it. */
const minCompressedBytes = 1_024;

const compress = promisify(gzip);

/** The bytes of long lists, made and compressed once for all who ask for the same. */
export class SentBodies {
  readonly #kept = new Map<string, Kept>();
  readonly #nowMs: () => number;

  /** @param nowMs a monotonic clock */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * The bytes of a list.
   *
   * @param key names the list; there are few
   * @param version of what there is to show now
   * @param make makes its text
   */
  body(key: string, version: number, isCompressed: boolean, make: () => string): Body | Promise<Body> {
    const kept = this.#current(key, version) ?? this.#keep(key, version, make());
    if (!isCompressed || kept.plain.length < minCompressedBytes) return { bytes: kept.plain, isCompressed: false };
    kept.compressed ??= compress(kept.plain, { level: 3 });
    return kept.compressed.then((bytes) => ({ bytes, isCompressed: true }));
  }

  #current(key: string, version: number): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    const ageMs = this.#nowMs() - kept.madeMs;
    const isCurrent = kept.version === version ? ageMs < keepMs : kept.plain.length >= longBytes && ageMs < longKeepMs;
    return isCurrent ? kept : undefined;
  }

  #keep(key: string, version: number, text: string): Kept {
    const kept: Kept = { plain: Buffer.from(text), version, madeMs: this.#nowMs(), compressed: undefined };
    this.#kept.set(key, kept);
    return kept;
  }
}
