import { AppError, type CheckStatus, type Clock, type InstanceStatus, maxChecks } from '@flotilla/contracts';
import type { CheckStats } from '../health/check-stats.ts';
import { HealthChecks } from '../health/health-checks.ts';
import type { CheckResult } from '../health/health-checks-options.ts';
import type { LastRun } from '../health/running-check.ts';
import { type CheckPlace, checkKey, ownReport } from '../record/check.ts';
import type { LiveState } from '../state/live-state.ts';
import type { Notice } from '../state/options.ts';
import type { RecordLog } from '../state/record-log.ts';
import type { RecordStore } from '../store/record-store.ts';
import { topicOf } from '../watch/topics.ts';
import { type Actor, requireRight } from '../write/actor.ts';
import { changesOfResult, checkChanges, shortened, type WantedCheck } from '../write/check-changes.ts';
import { removalOf } from '../write/removal.ts';
import { changesOfReport, shownAnew } from '../write/status-changes.ts';
import { requireInstance } from './require-instance.ts';

/** What {@link Checks} work with. */
export interface ChecksOptions {
  readonly log: Pick<RecordLog, 'submit' | 'onInstances' | 'onReported' | 'guard'>;
  readonly store: Pick<RecordStore, 'noteSeen'>;
  readonly state: Pick<LiveState, 'instances' | 'topics'>;
  readonly clock: Clock;
  readonly random: () => number;
  /** What this registry is called as an owner of leases. */
  readonly owner: string;
  readonly allowLinkLocal: boolean;
  readonly onNotice: (notice: Notice) => void;
  readonly onError: (error: unknown, doing: string) => void;
}

const itself: Actor = { via: 'registry' };

/** The checks of instances: what is checked, by whom, and what was found. */
export class Checks {
  readonly #options: ChecksOptions;
  readonly #health: HealthChecks;

  constructor(options: ChecksOptions) {
    this.#options = options;
    const { log, state, onNotice } = options;
    this.#health = new HealthChecks({
      ...options,
      instances: state.instances,
      write: async (place, result) => {
        const isChange = state.instances.statuses.checkedBy(place.check, place.name, place.id) !== result.status;
        await this.#write(place, result, itself);
        if (isChange) onNotice({ kind: 'check', ...place, ...result });
      },
      remove: (place) => this.#removeInstance(place),
      onSilence: (isSuspect) => onNotice({ kind: isSuspect ? 'silence' : 'silence-over' }),
    });
    log.onInstances((keys) => (keys === undefined ? this.#health.followAll() : this.#health.follow(keys)));
    log.onReported((keys) => this.#health.heardElsewhere(keys));
  }

  /** Numbers for the metrics. */
  get stats(): CheckStats {
    return this.#health.stats;
  }

  /** Whether so many machines are silent that nobody is held to be down for it. */
  get isSilenceSuspect(): boolean {
    return this.#health.isSilenceSuspect;
  }

  /** Every check there is, for the metrics, in no order. */
  *all(): Generator<{ readonly type: string; readonly status: InstanceStatus }, void, void> {
    for (const { value } of this.#options.state.instances.statuses.allChecks())
      yield { type: value.definition?.type ?? 'report', status: value.status };
  }

  /** When a check ran last, or was reported. */
  lastRun(place: CheckPlace): LastRun | undefined {
    return this.#health.lastRun(place);
  }

  /** Ends all probes. */
  close(): void {
    this.#health.close();
  }

  /** What the word of an instance's own process comes to: that is shown, unless it changes too often. */
  heard(name: string, id: string, status: InstanceStatus): InstanceStatus {
    return this.#health.hear({ name, id, check: ownReport }, { status }).status;
  }

  /**
   * Adds a check to an instance, or changes the one of that id, which keeps its status. Rejects with INSTANCE_NOT_FOUND; with
   * INVALID_REQUEST if the instance would have more than 16.
   */
  put({ name, id }: Omit<CheckPlace, 'check'>, wanted: WantedCheck, actor?: Actor): Promise<void> {
    return this.#options.log.submit((draft) => {
      requireRight(actor, { kind: 'register', service: name });
      const present = requireInstance(draft, name, id);
      const checks = draft.statuses.checksOf(name, id);
      if (!checks.has(wanted.check) && checks.size >= maxChecks)
        throw new AppError('INVALID_REQUEST', {
          detail: `${name}/${id} has ${maxChecks} checks, which is the maximum`,
        });
      const changes = checkChanges(draft, { name, id }, [wanted], { replace: false, nowMs: this.#options.clock.now() });
      return { ...shownAnew(present, changes), actor, finish: () => {} };
    });
  }

  /**
   * Tells what a check has found. It is shown at once, unless it has changed more than five times within a minute. The same
   * status with another output is no change: readers see it, nobody is woken, and a restart forgets it. Rejects with
   * CHECK_NOT_FOUND.
   */
  async report(
    place: CheckPlace,
    found: { status: CheckStatus; output?: string | undefined },
    actor?: Actor,
  ): Promise<void> {
    requireRight(actor, { kind: 'register', service: place.name });
    this.#passOn(place);
    await this.#write(place, this.#health.hear<CheckResult>(place, found), actor);
  }

  /** Another registry may count the time of a check that was reported to this one. */
  #passOn({ name, id, check }: CheckPlace): void {
    const { state, owner, store, clock, onError } = this.#options;
    const entry = state.instances.catalog.get(name, id);
    if (entry === undefined || entry.owner === owner) return;
    const sign = { kind: 'check', key: checkKey(name, id, check), seenMs: clock.now() } as const;
    store.noteSeen([sign], clock.now()).catch((error: unknown) => onError(error, 'pass on the report of a check'));
  }

  /** Ends a check. Rejects with CHECK_NOT_FOUND if it is not there, as the one for the process' own reports never is. */
  remove(place: CheckPlace, actor?: Actor): Promise<void> {
    const { name, id, check } = place;
    return this.#options.log.submit((draft) => {
      requireRight(actor, { kind: 'register', service: name });
      const present = requireInstance(draft, name, id);
      if (check === ownReport || draft.statuses.check(check, name, id) === undefined) throw notFound(place);
      const removal = { type: 'delete', kind: 'check', key: checkKey(name, id, check) } as const;
      return { ...shownAnew(present, [removal]), actor, finish: () => {} };
    });
  }

  #write(place: CheckPlace, found: CheckResult, actor?: Actor): Promise<void> {
    const { name, id, check } = place;
    const entry = this.#options.state.instances.statuses.check(check, name, id);
    if (entry?.value.status === found.status) {
      const output = shortened(found.output);
      if (output !== (entry.latestOutput ?? entry.value.output)) {
        entry.latestOutput = output;
        this.#options.state.topics.vary(topicOf.service(name), topicOf.health);
      }
      return Promise.resolve();
    }
    return this.#options.log.submit((draft) => {
      const present = requireInstance(draft, name, id);
      if (check === ownReport) return { ...changesOfReport(draft, present, found.status), actor, finish: () => {} };
      if (draft.statuses.check(check, name, id) === undefined) throw notFound(place);
      const nowMs = this.#options.clock.now();
      return { ...changesOfResult(draft, present, { check, ...found }, nowMs), actor, finish: () => {} };
    });
  }

  /** Removes an instance for a check that has been critical for too long, if it still is. */
  #removeInstance({ name, id, check }: CheckPlace): Promise<void> {
    const { log, clock, onNotice, state } = this.#options;
    const entry = state.instances.catalog.get(name, id);
    // Many at once are kept for a while: what silences all of them is hardly their own.
    if (entry?.record.lease_ms === 0 && log.guard.lapse([entry]).length === 0) return Promise.resolve();
    return log.submit((draft) => {
      const present = draft.get(name, id);
      const value = draft.statuses.check(check, name, id)?.value;
      if (present === undefined || value?.status !== 'critical')
        return { changes: [], conditions: [], finish: () => {} };
      const forMs = value.definition?.deregister_after_ms ?? 0;
      return {
        ...removalOf(draft, present, 'critical', clock.now()),
        actor: itself,
        finish: () => onNotice({ kind: 'critical-too-long', name, id, check, forMs, output: value.output }),
      };
    });
  }
}

function notFound({ name, id, check }: CheckPlace): AppError {
  return new AppError('CHECK_NOT_FOUND', { parameters: { name, id, check } });
}
