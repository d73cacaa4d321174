import { createHash } from 'node:crypto';
import type { Batch } from '../store/index.ts';

/** For how long clients try again: OpenTelemetry's SDKs give up after about a minute. */
const rememberMs = 120_000;
const maxRemembered = 2_000;

/**
 * Recognises messages that a client sends again because it got no answer. Spans and measurements have ids and times by which the
 * store knows them; lines of logs are the same only if their whole message is.
 */
export class RepeatedMessages {
  readonly #seen = new Map<string, number>();

  /** Whether the same was noted a moment ago. Never for lines without a time: two such may mean the same thing twice. */
  has(body: Uint8Array, batches: readonly Batch[], nowMs: number): boolean {
    if (!areDated(batches)) return false;
    const seenMs = this.#seen.get(digestOf(body));
    return seenMs !== undefined && nowMs - seenMs < rememberMs;
  }

  /** Notes what was kept. */
  note(body: Uint8Array, batches: readonly Batch[], nowMs: number): void {
    if (!areDated(batches)) return;
    // The oldest come first.
    for (const [digest, seenMs] of this.#seen) {
      if (nowMs - seenMs < rememberMs && this.#seen.size < maxRemembered) break;
      this.#seen.delete(digest);
    }
    this.#seen.set(digestOf(body), nowMs);
  }
}

function areDated(batches: readonly Batch[]): boolean {
  return batches.every(({ logs = [] }) => logs.every(({ atUs }) => atUs !== undefined));
}

function digestOf(body: Uint8Array): string {
  return createHash('sha1').update(body).digest('base64');
}
