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
  /** What is being made now; of each list what was begun last. */
  readonly #making = new Map<string, { readonly version: number; readonly kept: Promise<Kept> }>();
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
   * @param make makes its text of what there is now; what comes meanwhile is not in it
   */
  async body(key: string, version: number, isCompressed: boolean, make: () => Promise<string>): Promise<Body> {
    const kept = this.#current(key, version) ?? (await this.#make(key, version, make));
    if (!isCompressed || kept.plain.length < minCompressedBytes) return { bytes: kept.plain, isCompressed: false };
    kept.compressed ??= compress(kept.plain, { level: 3 });
    return { bytes: await kept.compressed, isCompressed: true };
  }

  #current(key: string, version: number): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    const ageMs = this.#nowMs() - kept.madeMs;
    const isCurrent = kept.version === version ? ageMs < keepMs : kept.plain.length >= longBytes && ageMs < longKeepMs;
    return isCurrent ? kept : undefined;
  }

  /** Makes a list once for all who ask for the same state of it; a long one for all who ask meanwhile. */
  #make(key: string, version: number, make: () => Promise<string>): Promise<Kept> {
    const running = this.#making.get(key);
    const isLong = (this.#kept.get(key)?.plain.length ?? 0) >= longBytes;
    if (running !== undefined && (running.version === version || isLong)) return running.kept;
    const begun = {
      version,
      kept: make()
        .then((text): Kept => {
          const kept = { plain: Buffer.from(text), version, madeMs: this.#nowMs(), compressed: undefined };
          // One that was begun later may be there already.
          if ((this.#kept.get(key)?.version ?? 0) <= version) this.#kept.set(key, kept);
          return kept;
        })
        .finally(() => {
          if (this.#making.get(key) === begun) this.#making.delete(key);
        }),
    };
    this.#making.set(key, begun);
    return begun.kept;
  }
}
