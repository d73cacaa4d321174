import { AppError, type CheckStatus, type Clock, maxChecks } from '@flotilla/contracts';
import { checkKey, ownReport } from '../record/check.ts';
import type { LiveState } from '../state/live-state.ts';
import type { RecordLog } from '../state/record-log.ts';
import type { Actor } from '../write/actor.ts';
import { changesOfResult, checkChanges, shortened, type WantedCheck } from '../write/check-changes.ts';
import { shownAnew } from '../write/status-changes.ts';
import { requireInstance } from './require-instance.ts';

/** Names a check of an instance. */
export interface CheckPlace {
  readonly name: string;
  readonly id: string;
  readonly check: string;
}

/** What {@link Checks} work with. */
export interface ChecksOptions {
  readonly log: Pick<RecordLog, 'submit'>;
  readonly state: Pick<LiveState, 'instances'>;
  readonly clock: Clock;
}

/** The checks of instances: what is checked, and what was found. */
export class Checks {
  readonly #options: ChecksOptions;

  constructor(options: ChecksOptions) {
    this.#options = options;
  }

  /**
   * Adds a check to an instance, or changes the one of that id, which keeps its status. Rejects with INSTANCE_NOT_FOUND; with
   * INVALID_REQUEST if the instance would have more than 16.
   */
  put({ name, id }: Omit<CheckPlace, 'check'>, wanted: WantedCheck, actor?: Actor): Promise<void> {
    return this.#options.log.submit((draft) => {
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
   * Tells what a check has found. The same status with another output is no change: readers see it, nobody is woken, and a
   * restart forgets it. Rejects with CHECK_NOT_FOUND.
   */
  report(place: CheckPlace, found: { status: CheckStatus; output?: string | undefined }, actor?: Actor): Promise<void> {
    const { name, id, check } = place;
    const entry = this.#options.state.instances.statuses.check(check, name, id);
    if (entry?.value.status === found.status) {
      entry.latestOutput = shortened(found.output);
      return Promise.resolve();
    }
    return this.#options.log.submit((draft) => {
      const present = requireInstance(draft, name, id);
      if (draft.statuses.check(check, name, id) === undefined) throw notFound(place);
      const nowMs = this.#options.clock.now();
      return { ...changesOfResult(draft, present, { check, ...found }, nowMs), actor, finish: () => {} };
    });
  }

  /** Ends a check. Rejects with CHECK_NOT_FOUND if it is not there, as the one for the process' own reports never is. */
  remove(place: CheckPlace, actor?: Actor): Promise<void> {
    const { name, id, check } = place;
    return this.#options.log.submit((draft) => {
      const present = requireInstance(draft, name, id);
      if (check === ownReport || draft.statuses.check(check, name, id) === undefined) throw notFound(place);
      const removal = { type: 'delete', kind: 'check', key: checkKey(name, id, check) } as const;
      return { ...shownAnew(present, [removal]), actor, finish: () => {} };
    });
  }
}

function notFound({ name, id, check }: CheckPlace): AppError {
  return new AppError('CHECK_NOT_FOUND', { parameters: { name, id, check } });
}
