import type { Batch } from './records.ts';

/** How far a sender's clock may be ahead. */
const aheadMs = 600_000;

/** Checks that times can be true, so that nothing stands above all else for days, or is kept and never found. */
export class Admission {
  readonly #earliestUs: number;
  readonly #latestUs: number;
  readonly #nowMs: number;
  readonly rejected: { spans: number; logs: number; points: number } = { spans: 0, logs: 0, points: 0 };
  #reason: string | undefined;

  constructor(nowMs: number, maxAgeMs: number) {
    this.#nowMs = nowMs;
    this.#earliestUs = (nowMs - maxAgeMs) * 1_000;
    this.#latestUs = (nowMs + aheadMs) * 1_000;
  }

  /** Why something was rejected; undefined: nothing was. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Counts what its time rules out. */
  takes(signal: keyof Admission['rejected'], atUs: number, { resource }: Batch): boolean {
    if (atUs >= this.#earliestUs && atUs <= this.#latestUs) return true;
    const what = atUs < this.#earliestUs ? 'older than what the dashboard keeps' : 'in the future';
    this.reject(
      signal,
      `${resource.service} sent ${nouns[signal]} of ${printTime(atUs)}, which is ${what} (it is ${printTime(this.#nowMs * 1_000)}). Check its clock`,
    );
    return false;
  }

  rejectAll({ spans = [], logs = [], points = [] }: Batch, reason: string): void {
    this.rejected.spans += spans.length;
    this.rejected.logs += logs.length;
    this.rejected.points += points.length;
    this.#reason ??= reason;
  }

  reject(signal: keyof Admission['rejected'], reason: string): void {
    this.rejected[signal] += 1;
    this.#reason ??= reason.slice(0, 400);
  }
}

const nouns = { spans: 'spans', logs: 'logs', points: 'metrics' } as const;

function printTime(us: number): string {
  const date = new Date(us / 1_000);
  return Number.isNaN(date.getTime()) ? `${us} µs` : date.toISOString();
}
