import { randomUUID } from 'node:crypto';
import { AppError, type Clock } from '@flotilla/contracts';
import { type Database, type Transaction, UniqueViolation } from '../database/index.ts';
import type { IdempotencyTables } from './idempotency-table.ts';

/** How long keys and claims live. */
export interface KeyLifetimes {
  readonly retentionMs: number;
  readonly claimMs: number;
}

/** What a key stands for. */
export interface KeyUse {
  readonly id: string;
  readonly fingerprint: string;
}

/** A key that is ours to work on, or what it has led to. */
export type Claimed =
  | { readonly kind: 'claimed'; readonly claim: string }
  | { readonly kind: 'done'; readonly outcome: string };

type Query = Database<IdempotencyTables>['query'];

/** How long to wait before a retry while another call works on the same. Most work is done by then. */
const retryAfterMs = 1_000;
/** How often a row may change under our hands before we say that somebody else works on it. */
const maxAttempts = 3;
const sweptAtOnce = 500;

/** The rows of the keys. Each method is one step that other programs see whole. */
export class KeyTable {
  readonly #query: Query;
  readonly #clock: Clock;
  readonly #lifetimes: KeyLifetimes;

  constructor(database: Pick<Database<unknown>, 'query'>, clock: Clock, lifetimes: KeyLifetimes) {
    this.#query = database.query;
    this.#clock = clock;
    this.#lifetimes = lifetimes;
  }

  /**
   * Claims a key, or finds what it has led to.
   *
   * @throws {AppError} IDEMPOTENCY_KEY_REUSED; IDEMPOTENCY_IN_PROGRESS
   */
  async claim(use: KeyUse): Promise<Claimed> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const claimed = (await this.#insert(use)) ?? (await this.#read(use));
      if (claimed !== undefined) return claimed;
    }
    throw inProgress();
  }

  /** Stores what the work has led to; false if somebody else has taken the key over. */
  async keep(use: KeyUse, claim: string, outcome: string, transaction?: Transaction): Promise<boolean> {
    const query = (transaction?.query ?? this.#query) as Query; // Its types do not depend on anything that it holds.
    const { numUpdatedRows } = await query
      .updateTable('idempotency_keys')
      .set({ outcome })
      .where('id', '=', use.id)
      .where('claim', '=', claim)
      .where('outcome', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Gives a key back, so that a retry need not wait. Does nothing if there is an outcome, or the claim is lost. */
  async release(use: KeyUse, claim: string): Promise<void> {
    await this.#query
      .deleteFrom('idempotency_keys')
      .where('id', '=', use.id)
      .where('claim', '=', claim)
      .where('outcome', 'is', null)
      .execute();
  }

  /** Removes keys that have expired, a few at a time, so that no writer waits long; returns how many. */
  async sweep(): Promise<number> {
    for (let swept = 0; ; ) {
      const now = this.#clock.now();
      const found = await this.#query
        .selectFrom('idempotency_keys')
        .select('id')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(sweptAtOnce)
        .execute();
      if (found.length === 0) return swept;
      await this.#query
        .deleteFrom('idempotency_keys')
        .where(
          'id',
          'in',
          found.map(({ id }) => id),
        )
        .where('expires_at', '<=', now)
        .execute();
      swept += found.length;
      if (found.length < sweptAtOnce) return swept;
    }
  }

  async #insert({ id, fingerprint }: KeyUse): Promise<Claimed | undefined> {
    const claimed = this.#newClaim();
    try {
      await this.#query
        .insertInto('idempotency_keys')
        .values({ id, fingerprint, ...claimed, outcome: null })
        .execute();
      return { kind: 'claimed', claim: claimed.claim };
    } catch (error) {
      if (error instanceof UniqueViolation) return undefined;
      throw error;
    }
  }

  /** What the row says; undefined if it has changed, or is gone: then look once more. */
  async #read({ id, fingerprint }: KeyUse): Promise<Claimed | undefined> {
    const row = await this.#query.selectFrom('idempotency_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) return undefined;
    const now = this.#clock.now();
    if (row.expires_at > now) {
      if (row.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
      if (row.outcome !== null) return { kind: 'done', outcome: row.outcome };
      if (row.claimed_until > now) throw inProgress();
    }
    // Nobody needs it any more, or who claimed it has died, or is so slow that its outcome must not count.
    const claimed = this.#newClaim();
    const { numUpdatedRows } = await this.#query
      .updateTable('idempotency_keys')
      .set({ fingerprint, ...claimed, outcome: null })
      .where('id', '=', id)
      .where('claim', '=', row.claim)
      // An outcome that was stored a moment ago stays.
      .where((is) => is.or([is('outcome', 'is', null), is('expires_at', '<=', now)]))
      .executeTakeFirst();
    return numUpdatedRows === 1n ? { kind: 'claimed', claim: claimed.claim } : undefined;
  }

  #newClaim(): { readonly claim: string; readonly claimed_until: number; readonly expires_at: number } {
    const now = this.#clock.now();
    const { claimMs, retentionMs } = this.#lifetimes;
    return { claim: randomUUID(), claimed_until: now + claimMs, expires_at: now + retentionMs };
  }
}

/** Another call works on the same. */
export function inProgress(): AppError {
  return new AppError('IDEMPOTENCY_IN_PROGRESS', { retryAfterMs });
}
