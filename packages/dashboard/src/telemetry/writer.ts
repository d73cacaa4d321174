import type { DatabaseSync } from 'node:sqlite';
import { AppError, type Clock } from '@flotilla/contracts';
import { DatabaseCheck } from '@flotilla/kit/database/sqlite';
// Not from the index, which loads servers of HTTP and gRPC: 60 MB on a thread that has neither.
import { type Encoding, readSent, type SentSignal } from '../collector/read-sent.ts';
import {
  type Added,
  type Batch,
  type Bounds,
  type FileLock,
  lockFile,
  openDatabase,
  Store,
  storageFailure,
} from '../store/index.ts';
import { RepeatedMessages } from './repeated-messages.ts';
import type { TelemetryChange } from './telemetry.ts';

/** What a {@link Writer} needs. */
export interface WriterOptions {
  readonly file: string;
  /** How large the file may become. */
  readonly fileBytes: number;
  readonly bounds: Bounds;
  readonly clock: Clock;
}

/** What has become of a message. */
export interface Written {
  readonly rejected: number;
  /** Why something was rejected. */
  readonly reason?: string;
  readonly change: TelemetryChange;
}

/** How the file is. */
export interface WriterState {
  readonly usedBytes: number;
  /** What is wrong and what to do, for people. */
  readonly trouble: string | undefined;
  /** Counts how often another file had to be begun: readers have to open that too. */
  readonly generation: number;
}

const retryAfterMs = 5_000;

/** Keeps what arrives, and begins a new file if the one that it has is damaged or gone. Synchronous. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #repeated = new RepeatedMessages();
  readonly #lock: FileLock;
  #database: DatabaseSync;
  #store: Store;
  #check: DatabaseCheck;
  /** What happened to the file, as long as the program runs. */
  #happened: string | undefined;
  /** Why nothing can be written at the moment. */
  #failing: string | undefined;
  #generation = 0;

  /** @throws {DatabaseSetupError} when nothing can be opened there */
  constructor(options: WriterOptions) {
    this.#options = options;
    const opened = openDatabase(options);
    this.#lock = lockOrClose(options.file, opened.database);
    this.#happened = opened.trouble;
    this.#database = opened.database;
    this.#store = new Store(this.#database, options.clock, options);
    this.#check = new DatabaseCheck(this.#database, { clock: options.clock });
  }

  /** The database, for readers on the same thread. */
  get database(): DatabaseSync {
    return this.#database;
  }

  get state(): WriterState {
    return {
      usedBytes: this.#store.usedBytes,
      trouble: this.#failing ?? this.#happened,
      generation: this.#generation,
    };
  }

  /**
   * Keeps a message of OTLP.
   *
   * @throws {AppError} INVALID_REQUEST, INVALID_JSON: nothing of it can be used; STORAGE_UNAVAILABLE: send it again later
   */
  take(signal: SentSignal, encoding: Encoding, body: Uint8Array): Written {
    const reading = readSent(signal, encoding, body);
    if (signal === 'logs' && this.#repeated.has(body, reading.batches, this.#options.clock.now()))
      return { rejected: reading.rejected, change: changeOf([]) };
    const { rejected, reason } = this.add(reading.batches);
    if (signal === 'logs') this.#repeated.note(body, reading.batches, this.#options.clock.now());
    const why = reading.reason ?? reason;
    return {
      rejected: reading.rejected + rejected.spans + rejected.logs + rejected.points,
      ...(why === undefined ? {} : { reason: why }),
      change: changeOf(reading.batches),
    };
  }

  /** @throws {AppError} STORAGE_UNAVAILABLE */
  add(batches: readonly Batch[]): Added {
    return this.#write(() => this.#store.add(batches));
  }

  /** Removes what is too old or too much. Call it once a minute; true: there is more to remove, call it again soon. */
  tidy(): boolean {
    try {
      return this.#write(() => {
        const { loss } = this.#check;
        if (loss !== undefined) throw new LostFile(loss);
        return this.#store.tidy();
      });
    } catch {
      // Noted, and shown.
      return false;
    }
  }

  /** Begins a new file: a reader has found that this one is damaged. Not again if `generation` is that of an earlier one. */
  replaceDamaged(generation: number): void {
    if (generation === this.#generation) this.#beginAgain(new Error('The file is damaged'));
  }

  close(): void {
    this.#store.close();
    this.#lock.release();
  }

  #write<Result>(work: () => Result): Result {
    try {
      const result = work();
      this.#failing = undefined;
      return result;
    } catch (error) {
      const failure = error instanceof LostFile ? 'damaged' : storageFailure(error);
      if (failure === undefined) throw error;
      if (failure === 'damaged') {
        this.#beginAgain(error);
        return work();
      }
      const { file } = this.#options;
      this.#failing =
        failure === 'full'
          ? `The disk is full: the dashboard cannot write to ${file}. What programs send is lost until there is room`
          : `The dashboard cannot write to its database ${file}: ${error instanceof Error ? error.message : String(error)}`;
      throw new AppError('STORAGE_UNAVAILABLE', { retryAfterMs, cause: error });
    }
  }

  #beginAgain(cause: unknown): void {
    this.#store.close();
    const lost = cause instanceof LostFile ? cause.message : undefined;
    const opened = openDatabase(this.#options, lost === undefined ? cause : undefined);
    this.#database = opened.database;
    this.#happened = opened.trouble ?? lost;
    this.#store = new Store(this.#database, this.#options.clock, this.#options);
    this.#check = new DatabaseCheck(this.#database, { clock: this.#options.clock });
    this.#generation += 1;
  }
}

function lockOrClose(file: string, database: DatabaseSync): FileLock {
  try {
    return lockFile(file);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The file was deleted, or replaced by another, while it was in use. */
class LostFile extends Error {}

/** Of which something came. */
export function changeOf(batches: readonly Batch[]): TelemetryChange {
  const has = (key: keyof TelemetryChange): boolean => batches.some((batch) => (batch[key]?.length ?? 0) > 0);
  return { spans: has('spans'), logs: has('logs'), points: has('points') };
}
