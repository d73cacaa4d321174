import { type Clock, type Logger, systemClock } from '@flotilla/contracts';
import type { Database, Transaction } from '../database/index.ts';
import { fingerprintOf, hashOf } from './fingerprint.ts';
import { defaultClaimMs, defaultRetentionMs } from './idempotency-settings.ts';
import { inProgress, KeyTable, type KeyUse } from './key-table.ts';
import { noteReplay } from './note-replay.ts';
import type { ServiceCall } from './service-call.ts';
import { isOutcome, repeatOutcome, storedError, storedValue } from './stored-outcome.ts';

/** What is to be done once. */
export interface OnceOptions {
  /** What is done, the same in all protocols: `orders.add`. A key is one of this operation. */
  readonly operation: string;
  /** What it is done with, as JSON. The same key with another input is IDEMPOTENCY_KEY_REUSED. */
  readonly input: unknown;
  /** Without a key in it, the steps are just run. */
  readonly call: ServiceCall;
}

/** How it is done. */
export interface OnceSteps<Prepared, Result> {
  /** What comes before the writing, outside of any transaction: asking other services, for example. Default: nothing. */
  readonly prepare?: () => Promise<Prepared>;
  /**
   * Writes, in the transaction in which the result is stored: both take effect, or none. Without a key there is no
   * transaction, and so none to wait for.
   *
   * @returns a JSON value
   */
  readonly write: (transaction: Transaction | undefined, prepared: Prepared) => Promise<Result>;
}

/** The keys of one database. */
export interface IdempotencyKeys {
  /**
   * Does something once for each key. A repeated call gets the stored result: what `write` has returned, or the error that
   * a step has thrown if that is final (404, 409, 410, 412 or 422, and not retryable). After any other error, the next call
   * with the key starts from the beginning.
   *
   * @throws {AppError} IDEMPOTENCY_KEY_REUSED; IDEMPOTENCY_IN_PROGRESS while another call works on it
   */
  once<Prepared, Result>(options: OnceOptions, steps: OnceSteps<Prepared, Result>): Promise<Result>;
  /** Removes expired keys now; returns how many. This also happens by itself. */
  sweep(): Promise<number>;
  /** Stops removing expired keys. */
  close(): void;
}

/** Where the keys are, and how long they live. */
export interface IdempotencyKeysOptions {
  /** A database with the table of `idempotencyTable`. */
  readonly database: Pick<Database<unknown>, 'query' | 'transaction'>;
  /** Default the system's. */
  readonly clock?: Clock;
  /** Where a failure to remove expired keys is logged. Default nowhere. */
  readonly logger?: Pick<Logger, 'warn'>;
  /** How long a result is kept. Default 24 hours, in which every client has given up, or been repaired. */
  readonly retentionMs?: number;
  /**
   * How long a key belongs to who works on it. Default 15 seconds, longer than any work of ours takes. It only bounds the wait
   * after a process was killed: work that takes longer is not done twice, it is undone.
   */
  readonly claimMs?: number;
}

/** Expired keys cost only space. */
const shortestSweepMs = 1_000;
const longestSweepMs = 3_600_000;

/** Opens the keys of a database, once in a program. */
export function idempotencyKeys(options: IdempotencyKeysOptions): IdempotencyKeys {
  const { database, clock = systemClock, logger } = options;
  const { retentionMs = defaultRetentionMs, claimMs = defaultClaimMs } = options;
  const table = new KeyTable(database, clock, { retentionMs, claimMs });
  const sweepMs = Math.min(Math.max(retentionMs / 10, shortestSweepMs), longestSweepMs);
  let isClosed = false;
  const sweepRegularly = async (): Promise<void> => {
    try {
      await table.sweep();
    } catch (error) {
      logger?.warn({ err: error }, 'expired idempotency keys not removed; retrying later');
    }
    if (!isClosed) timer = clock.after(sweepMs, () => void sweepRegularly());
  };
  let timer = clock.after(sweepMs, () => void sweepRegularly());

  /** Does the work under a claim. */
  const work = async <Prepared, Result>(
    use: KeyUse,
    claim: string,
    { prepare, write }: OnceSteps<Prepared, Result>,
  ): Promise<Result> => {
    const prepared = await preparedBy(prepare);
    return database.transaction(async (transaction) => {
      const result = await write(transaction, prepared);
      // If others have taken the key over meanwhile, this rejects, and what was written is undone.
      if (!(await table.keep(use, claim, storedValue(result), transaction))) throw inProgress();
      return result;
    });
  };
  return {
    async once({ operation, input, call }, steps) {
      const { idempotencyKey, caller = '', onReplay } = call;
      if (idempotencyKey === undefined) return steps.write(undefined, await preparedBy(steps.prepare));
      const use = { id: hashOf(operation, caller, idempotencyKey), fingerprint: fingerprintOf(input) };
      const claimed = await table.claim(use);
      if (claimed.kind === 'done') {
        onReplay?.();
        noteReplay(operation, clock);
        return repeatOutcome(claimed.outcome);
      }
      try {
        return await work(use, claimed.claim, steps);
      } catch (error) {
        if (isOutcome(error)) {
          if (!(await table.keep(use, claimed.claim, storedError(error)))) throw inProgress();
        } else {
          // If this fails too, the claim runs out. After a commit whose success is unknown, an outcome is not touched.
          await table.release(use, claimed.claim).catch(() => undefined);
        }
        throw error;
      }
    },
    sweep: () => table.sweep(),
    close() {
      isClosed = true;
      timer.cancel();
    },
  };
}

/** Without the step, nothing was prepared, and `Prepared` is what nobody asks for. */
function preparedBy<Prepared>(prepare: (() => Promise<Prepared>) | undefined): Promise<Prepared> {
  return prepare === undefined ? Promise.resolve(undefined as Prepared) : prepare();
}
