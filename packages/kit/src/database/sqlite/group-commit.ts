import type { Clock, Timer } from '@flotilla/contracts';
import { isBusy, isConstraint, mapSqliteError, unavailableFor } from './sqlite-errors.ts';
import { TurnQueue } from './turn-queue.ts';
import { whenUnlocked } from './when-unlocked.ts';

/** The connection whose transactions are committed in groups. */
export interface GroupConnection {
  /** Runs a statement at once. Throws what `node:sqlite` throws. */
  exec(sql: string): void;
  /** Whether a transaction is open. */
  isInTransaction(): boolean;
  readonly clock: Clock;
  /** Somebody has waited until the connection was free, since then. */
  waited(sinceMs: number): void;
}

/** The transaction that is running. */
interface Running {
  readonly owner: object;
  /** Whether it is a savepoint. */
  readonly isNested: boolean;
}

/** One whose work is done, and who is told once it is known whether that of its group took effect. */
interface Ended {
  resolve(): void;
  reject(error: Error): void;
}

const savepoint = 'flotilla_group_member';
/** How long one that waits for something else may hold up those before it. Longer than a cache is waited for. */
const longestHoldMs = 1_000;
/** How long to wait for the lock of another process: it has it for milliseconds, and one that has it longer may have it for minutes. */
const longestSeekMs = 1_000;
/** A process that writes without a pause leaves gaps that are seldom met. Only one of each process asks so often. */
const longestSeekWaitMs = 10;
/** How long transactions are committed one by one after one has waited for something else: others will. */
const aloneForMs = 60_000;

/**
 * Shares one connection among transactions, and the one commit among those of a turn of the event loop: writing to the disk
 * and waiting for it costs as much for sixteen as for one. The first begins the database's transaction; those that follow
 * are savepoints in it, so that one that fails takes back its own work only. When the turn is over, all are committed, and
 * only then is anybody told, of a failure as well: it may follow from what others wrote. Statements outside of transactions
 * wait until then.
 *
 * A transaction that is still running at the end of the turn waits for something else than the database, and holds up those
 * before it. Nobody joins it, and it has {@link longestHoldMs}; from then on each is committed by itself for a while.
 */
export class GroupCommit {
  readonly #connection: GroupConnection;
  readonly #queue: TurnQueue;
  #running: Running | undefined;
  #ended: Ended[] = [];
  /** Whether the turn of the group is over: nobody joins it. */
  #isClosing = false;
  #holdTimer: Timer | undefined;
  /** Whether the COMMIT waits for another process. */
  #isCommitting = false;
  /** Since when one that has its turn seeks the lock of another process. When it has got it, the others join. */
  #seekingSinceMs: number | undefined;
  /** How long it was sought before that, in all. */
  #soughtMs = 0;
  /** When transactions are grouped again; on the monotonic clock. */
  #groupsFromMs = 0;
  /** Those whose transaction was taken back while they were running, and why. */
  readonly #lost = new WeakMap<object, { readonly error: unknown }>();

  constructor(connection: GroupConnection) {
    this.#connection = connection;
    const { clock } = connection;
    this.#queue = new TurnQueue({
      clock,
      isPossible: (turn) => (turn === 'transaction' ? this.#mayBegin() : this.mayRun(undefined)),
      waited: (sinceMs) => connection.waited(sinceMs),
    });
  }

  /** Whether statements of `owner` may run now: in its transaction, or outside of any. */
  mayRun(owner: object | undefined): boolean {
    if (this.#running === undefined) return this.#ended.length === 0;
    return this.#running.owner === owner;
  }

  /** Runs `work`, of `owner`'s transaction or outside of any, when no other is running. */
  async whenFree<T>(owner: object | undefined, work: () => T): Promise<T> {
    return this.#running?.owner === owner && owner !== undefined ? work() : await this.#queue.take('statement', work);
  }

  /**
   * Begins a transaction; at once, if nothing is in its way.
   *
   * @throws {AppError} STORAGE_UNAVAILABLE, when another process has had the lock for a second
   */
  async begin(owner: object): Promise<void> {
    const { clock } = this.#connection;
    const soughtMs = this.#soughtInAllMs();
    const begin = (): boolean => this.#beginOrSeek(owner);
    if (this.#queue.mayGo('transaction') ? begin() : await this.#queue.take('transaction', begin)) return;
    // Those who came while others sought it have waited for it as well.
    const limitMs = longestSeekMs - (this.#soughtInAllMs() - soughtMs);
    try {
      await whenUnlocked(() => this.#begin(owner), { clock, limitMs, longestWaitMs: longestSeekWaitMs });
    } finally {
      this.#soughtMs = this.#soughtInAllMs();
      this.#seekingSinceMs = undefined;
      this.#queue.callNext();
    }
  }

  /** Ends a transaction. Resolves once it is on the disk; rejects if nothing of it took effect. */
  commit(owner: object): Promise<void> {
    try {
      this.throwIfLost(owner);
      if (this.#running?.isNested === true) this.#connection.exec(`RELEASE ${savepoint}`);
    } catch (error) {
      return Promise.reject(mapSqliteError(error));
    }
    return new Promise((resolve, reject) => this.#end({ resolve, reject }));
  }

  /**
   * Takes back a transaction, if it has not ended. Resolves with an error to tell instead of the one that led to this: that
   * one may follow from what others of the group wrote, and that did not take effect.
   */
  async rollback(owner: object): Promise<Error | undefined> {
    const running = this.#running;
    const lost = this.#lost.get(owner);
    // One that was taken back for the sake of those before it.
    if (running?.owner !== owner) return lost === undefined ? undefined : unavailableFor(lost.error);
    if (!running.isNested || lost !== undefined || !this.#undoMember()) {
      this.#holdTimer?.cancel();
      this.#running = undefined;
      this.#takeBack(lost?.error);
      // A first one has seen only what is on the disk.
      return running.isNested ? unavailableFor(lost?.error) : undefined;
    }
    return new Promise((resolve) => this.#end({ resolve: () => resolve(undefined), reject: resolve }));
  }

  /** A statement of `owner` has failed. For some failures, the database takes back the whole transaction. */
  failed(owner: object | undefined, error: unknown): void {
    if (owner !== undefined && owner === this.#running?.owner && !this.#connection.isInTransaction())
      this.#lost.set(owner, { error });
  }

  /** Throws why the transaction is over, if it is: further statements would each take effect by themselves. */
  throwIfLost(owner: object): void {
    if (owner === this.#running?.owner && !this.#connection.isInTransaction() && !this.#lost.has(owner))
      this.#lost.set(owner, {
        error: new Error('The transaction is over already: a statement ended it, or the database was closed'),
      });
    const lost = this.#lost.get(owner);
    if (lost !== undefined) throw lost.error;
  }

  /** Nobody else joins the group: a statement has changed what the connection does until its end. */
  close(): void {
    if (this.#isOpen || this.#running !== undefined) this.#isClosing = true;
  }

  /** Commits what waits for the end of the turn: the connection is about to be closed. */
  settle(): void {
    if (this.#running?.isNested === true) this.#abandon(this.#running, new Error('the database is being closed'));
    else if (this.#running === undefined && this.#isOpen && !this.#isCommitting) this.#commitAll();
  }

  /** Whether there are some whose work is done, and not committed. */
  get #isOpen(): boolean {
    return this.#ended.length > 0;
  }

  #mayBegin(): boolean {
    return this.#running === undefined && !this.#isClosing && this.#seekingSinceMs === undefined;
  }

  /** Whether it has begun; false: now it seeks the lock. */
  #beginOrSeek(owner: object): boolean {
    try {
      this.#begin(owner);
      return true;
    } catch (error) {
      if (!isBusy(error)) throw error;
      this.#seekingSinceMs = this.#connection.clock.monotonicMs();
      return false;
    }
  }

  #soughtInAllMs(): number {
    if (this.#seekingSinceMs === undefined) return this.#soughtMs;
    return this.#soughtMs + this.#connection.clock.monotonicMs() - this.#seekingSinceMs;
  }

  #begin(owner: object): void {
    const isNested = this.#isOpen;
    try {
      // With the write lock from the start: a later lock can come too late for what was read.
      this.#connection.exec(isNested ? `SAVEPOINT ${savepoint}` : 'BEGIN IMMEDIATE');
    } catch (error) {
      throw mapSqliteError(error);
    }
    this.#running = { owner, isNested };
  }

  /** Its work is done, or undone; `ended` is told when the group has ended. */
  #end(ended: Ended): void {
    this.#holdTimer?.cancel();
    this.#running = undefined;
    this.#ended.push(ended);
    if (this.#isClosing || this.#connection.clock.monotonicMs() < this.#groupsFromMs) return this.#commitAll();
    if (this.#ended.length === 1) setImmediate(() => this.#endTurn());
    this.#queue.callNext();
  }

  #endTurn(): void {
    if (!this.#isOpen) return;
    const running = this.#running;
    if (running === undefined) {
      if (!this.#isCommitting) this.#commitAll();
      return;
    }
    this.#holdTimer?.cancel();
    const { clock } = this.#connection;
    this.#isClosing = true;
    this.#groupsFromMs = Math.max(this.#groupsFromMs, clock.monotonicMs() + aloneForMs);
    const cause = new Error(`the transaction waited for something else for ${longestHoldMs} ms, and others for it`);
    this.#holdTimer = clock.after(longestHoldMs, () => this.#abandon(running, cause));
  }

  /** Takes back one that is still running, for the sake of those before it. */
  #abandon(running: Running, cause: Error): void {
    this.#holdTimer?.cancel();
    this.#lost.set(running.owner, { error: unavailableFor(cause) });
    this.#running = undefined;
    if (this.#undoMember()) this.#commitAll();
    else this.#takeBack(cause);
  }

  /** Whether it worked; false: the whole group has to be taken back. */
  #undoMember(): boolean {
    try {
      this.#connection.exec(`ROLLBACK TO ${savepoint}`);
      this.#connection.exec(`RELEASE ${savepoint}`);
      return true;
    } catch {
      // There is no transaction any more, for example. What went wrong first says more.
      return false;
    }
  }

  #commitAll(): void {
    this.#isClosing = true;
    this.#isCommitting = true;
    try {
      this.#connection.exec('COMMIT');
    } catch (error) {
      if (!isBusy(error)) return this.#commitFailed(error);
      const { clock } = this.#connection;
      const again = whenUnlocked(() => this.#connection.exec('COMMIT'), { clock });
      return void again.then(this.#committed, (failure: unknown) => this.#commitFailed(failure));
    }
    this.#committed();
  }

  readonly #committed = (): void => this.#tell(({ resolve }) => resolve());

  #commitFailed(error: unknown): void {
    if (this.#ended.length > 1) {
      // It does not say whose row violates it. From now on each commits by itself, and is told.
      if (isConstraint(error)) this.#groupsFromMs = Number.POSITIVE_INFINITY;
      return this.#takeBack(error);
    }
    this.#undoAll();
    const known = mapSqliteError(error);
    this.#tell(({ reject }) => reject(known instanceof Error ? known : unavailableFor(known)));
  }

  /** Nothing of those who have ended takes effect, which is not their fault. */
  #takeBack(cause: unknown): void {
    this.#undoAll();
    this.#tell(({ reject }) => reject(unavailableFor(cause)));
  }

  #undoAll(): void {
    try {
      if (this.#connection.isInTransaction()) this.#connection.exec('ROLLBACK');
    } catch {
      // What went wrong first says more.
    }
  }

  #tell(each: (ended: Ended) => void): void {
    const ended = this.#ended;
    this.#ended = [];
    this.#isClosing = false;
    this.#isCommitting = false;
    for (const one of ended) each(one);
    this.#queue.callNext();
  }
}
