import type { MassLoss } from '../guard/mass-loss.ts';
import { SessionUpkeep } from '../keys/session-upkeep.ts';
import type { StoreContents } from '../store/record-store.ts';
import { trailOf } from '../trail/trail-of.ts';
import { Draft } from '../write/draft.ts';
import { type Intent, WriteQueue } from '../write/write-queue.ts';
import { ExpiredRemoval } from './expired-removal.ts';
import { Follower } from './follower.ts';
import { LiveState, type LiveStateListeners } from './live-state.ts';
import { lossGuard } from './loss-guard.ts';
import { type ResolvedRegistryOptions, tellNotice } from './options.ts';
import { Upkeep } from './upkeep.ts';

/** How many lines of the trail are looked through at the start for instances that have gone: a few milliseconds' worth. */
const maxTrailAtStart = 4_096;

/** Opens the log on what its store holds. Rejects with what the store says if it can't be read. */
export async function openRecordLog(options: ResolvedRegistryOptions): Promise<RecordLog> {
  const { store } = options;
  const contents = await store.load();
  const { lines } = await store.readTrail({ limit: maxTrailAtStart });
  const log = new RecordLog(options, contents);
  log.state.departures.take(lines.toReversed());
  await log.settled;
  return log;
}

/**
 * The log at work. There is one way round: a write decides by what is in memory and goes to the store, and memory follows
 * the store, whoever wrote to it.
 */
export class RecordLog {
  readonly state: LiveState;
  readonly #writes: WriteQueue;
  readonly #follower: Follower;
  readonly #expired: ExpiredRemoval;
  /** Keeps instances when too many fall silent at once to be believed. */
  readonly guard: MassLoss;
  readonly #sessions: SessionUpkeep;
  #onInstances: LiveStateListeners['onInstances'] = () => {};
  #onReported: LiveStateListeners['onReported'] = () => {};
  /** Settles when what the store held has been brought to the rules of today. Never rejects. */
  readonly settled: Promise<void>;

  constructor(options: ResolvedRegistryOptions, contents: StoreContents) {
    const { store, clock, keepMaintenanceMs, onBackgroundError } = options;
    const state = new LiveState(options, contents, {
      onExpired: (entries) => void this.#expired.remove(this.guard.lapse(entries)),
      onHeard: (entry) => this.guard.heard(entry),
      onDisplaced: (entries) => void upkeep.removeDisplaced(entries),
      onSessionsInDoubt: (ids) => void this.#sessions.judge(ids),
      onOrphans: (keys) => void this.#sessions.free(keys),
      onInstances: (keys) => this.#onInstances(keys),
      onReported: (checks) => this.#onReported(checks),
    });
    const { catalog, statuses } = state.instances;
    const linesOf = trailOf(clock, { get: (name, id) => catalog.get(name, id), statuses });
    const writes = new WriteQueue({
      store,
      newDraft: () => new Draft(catalog, statuses, linesOf),
      reached: (revision) => this.#follower.reached(revision),
    });
    const { owner } = store;
    const upkeep = new Upkeep({ state, writes, clock, owner, keepMaintenanceMs, onError: onBackgroundError });
    this.state = state;
    this.#writes = writes;
    this.#expired = new ExpiredRemoval({
      state,
      writes,
      clock,
      onError: (error) => onBackgroundError(error, 'remove expired instances, which are already hidden'),
    });
    this.guard = lossGuard({
      settings: options.guard,
      instances: state.instances,
      writes,
      clock,
      remove: (entries) => this.#expired.remove(entries),
      onNotice: (notice) => tellNotice(options, notice),
      onError: onBackgroundError,
    });
    this.guard.resume(catalog.all());
    this.#sessions = new SessionUpkeep({
      live: state.keys,
      submit: (decide) => writes.submit(decide),
      clock,
      owner,
      linkable: { catalog: state.instances.catalog, statuses: state.instances.statuses, nodes: state.nodes },
      onError: onBackgroundError,
    });
    this.#follower = new Follower({
      store,
      state,
      clock,
      onOwnerGone: (gone) => void Promise.all([upkeep.adopt(gone), this.#sessions.adopt(gone)]),
      onError: (error) => onBackgroundError(error, 'follow the store'),
    });
    this.settled = upkeep.settle(contents).then(() => this.#sessions.settle(contents.owners));
  }

  /** How many instances were removed because their lease has run out. */
  get expired(): number {
    return this.#expired.removed;
  }

  /** See {@link WriteQueue.submit}. */
  submit<T>(decide: (draft: Draft) => Intent<T>): Promise<T> {
    return this.#writes.submit(decide);
  }

  /** Calls `listener` after each commit with the instances it has to do with. There is one: the checks. */
  onInstances(listener: LiveStateListeners['onInstances']): void {
    this.#onInstances = listener;
  }

  /** Calls `listener` with the checks that were reported to another registry. There is one: the checks. */
  onReported(listener: LiveStateListeners['onReported']): void {
    this.#onReported = listener;
  }

  /** Answers the writes under way, and notes the last signs of life. */
  async close(): Promise<void> {
    this.state.stop();
    this.#expired.stop();
    this.guard.stop();
    this.#sessions.stop();
    await this.#writes.close();
    await this.#follower.close();
    await this.state.instances.seen.close();
  }
}
