import type { Clock, InstanceStatus } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { CheckEntry } from '../catalog/status-records.ts';
import { type CheckPlace, ownReport } from '../record/check.ts';
import { instanceKey, placeOfInstance } from '../record/instance.ts';
import type { LiveInstances } from '../state/live-instances.ts';
import { CheckStats } from './check-stats.ts';
import { CheckTimers } from './check-timers.ts';
import { probeOf } from './probe/probe-of.ts';
import {
  isSameDefinition,
  type LastRun,
  newRunningCheck,
  noted,
  type RunningCheck,
  timingOf,
  withoutNote,
} from './running-check.ts';
import { CheckSchedule } from './schedule/check-schedule.ts';
import type { Finding, Verdict } from './verdict/check-verdict.ts';
import { SilenceWatch } from './verdict/silence-watch.ts';

/** What a check says, as it is to be stored or, if it said that before, shown. */
export interface CheckResult {
  readonly status: InstanceStatus;
  readonly output?: string | undefined;
}

/** How {@link HealthChecks} work. */
export interface HealthChecksOptions {
  readonly instances: Pick<LiveInstances, 'catalog' | 'statuses'>;
  readonly clock: Clock;
  /** A number from 0 to below 1, for what is spread at random. */
  readonly random: () => number;
  /** What this registry is called as an owner of leases: it checks the instances whose leases it counts. */
  readonly owner: string;
  /** See {@link RegistryOptions.allowLinkLocal}. */
  readonly allowLinkLocal: boolean;
  /** Stores a status that has changed; notes an output without one. */
  readonly write: (place: CheckPlace, result: CheckResult) => Promise<void>;
  /** Removes an instance of which a check has been critical for too long, if it still is. */
  readonly remove: (place: CheckPlace) => Promise<void>;
  readonly onError: (error: unknown, doing: string) => void;
  /** So many machines have fallen silent together that it is rather the registry's own network; or that is over. */
  readonly onSilence: (isSuspect: boolean) => void;
}

/** Why nobody is critical for being silent. */
const silenceNote =
  'most machines have fallen silent together, so it may be the own network of the registry; believed after 5 minutes';

/**
 * Checks the instances whose leases this registry counts: it follows the records, asks those that are to be asked, waits for
 * those that are to report, and says what each check is shown as. Only a change of the status is stored.
 */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #schedule: CheckSchedule<RunningCheck>;
  readonly #timers: CheckTimers;
  readonly #silence: SilenceWatch;
  /** By the key of the instance, then by the check. */
  readonly #running = new Map<string, Map<string, RunningCheck>>();
  /** Numbers for the metrics. */
  readonly stats: CheckStats = new CheckStats();
  #isFailing = false;

  constructor(options: HealthChecksOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#schedule = new CheckSchedule({
      clock,
      random,
      run: (check) => this.#probe(check),
      onLate: () => this.stats.countLate(),
    });
    this.#timers = new CheckTimers({
      clock,
      onDoubt: (check) => this.#silence.silent(check.host),
      onSilent: (check) => this.#lapsed(check),
      onCriticalTooLong: (check) => void this.#remove(check),
      onHoldOver: (check) => this.#released(check),
    });
    this.#silence = new SilenceWatch({ clock, onChange: options.onSilence });
    for (const entry of options.instances.catalog.all()) this.#follow(entry, true);
  }

  /** Something about these instances has changed: they have come, gone, moved, or have other checks. */
  follow(instances: Iterable<string>): void {
    for (const key of instances) {
      const entry = this.#options.instances.catalog.get(...placeOfInstance(key));
      if (entry === undefined) this.#endAll(key);
      else this.#follow(entry, false);
    }
  }

  /** Everything may have changed. */
  followAll(): void {
    this.follow(new Set([...this.#running.keys(), ...this.#options.instances.catalog.all().map(keyOf)]));
  }

  /**
   * Hears what somebody reports of a check. Returns what it is shown as: what was said, unless it has changed too often within
   * the last minute. Then that is shown when its time has come.
   */
  hear<T extends CheckResult>(place: CheckPlace, said: T): T {
    const check = this.#listening(place);
    if (check === undefined) return said;
    check.lastRun = { atMs: this.#options.clock.now(), durationMs: undefined };
    this.#timers.reported(check);
    this.#silence.heard(check.host);
    const verdict = this.#take(check, { status: said.status, by: 'report' });
    if (verdict.note === undefined) return said;
    return { ...said, status: verdict.status, output: noted(said.output ?? '', verdict.note) };
  }

  /** Whether silence is not believed at present. */
  get isSilenceSuspect(): boolean {
    return this.#silence.isSuspect;
  }

  /** When a check ran last, or was reported; undefined if it was not yet, or another registry checks it. */
  lastRun({ name, id, check }: CheckPlace): LastRun | undefined {
    return this.#running.get(instanceKey(name, id))?.get(check)?.lastRun;
  }

  /** Ends all probes, and begins no more. */
  close(): void {
    this.#schedule.close();
    this.#timers.close();
    for (const checks of this.#running.values()) for (const check of checks.values()) check.ended.abort();
  }

  #follow(entry: InstanceEntry, isLoaded: boolean): void {
    const key = keyOf(entry);
    if (entry.owner !== this.#options.owner) return this.#endAll(key);
    const { name, id } = entry.record;
    const wanted = this.#options.instances.statuses.checksOf(name, id);
    for (const [check, running] of this.#running.get(key) ?? []) {
      const present = wanted.get(check)?.value;
      const isSame =
        present === undefined
          ? check === ownReport
          : isSameDefinition(running.definition, present.definition) && running.endpoint === entry.endpoint;
      if (!isSame) this.#end(key, running);
    }
    for (const [check, { value }] of wanted) {
      const running = this.#running.get(key)?.get(check);
      if (running !== undefined) this.#timers.watchCritical(running, value.status);
      else if (value.definition !== undefined) this.#begin(entry, check, isLoaded);
    }
  }

  /** @param isLoaded whether it was there before this program, which then knows what it has said */
  #begin(entry: InstanceEntry, check: string, isLoaded: boolean): RunningCheck {
    const { clock, instances } = this.#options;
    const { name, id } = entry.record;
    const record = instances.statuses.check(check, name, id);
    const definition = record?.value.definition;
    const beginning = { status: record?.value.status ?? 'passing', sinceMs: this.#sinceMs(record, isLoaded) };
    const running = newRunningCheck({ name, id, check }, definition, entry, beginning);
    const key = keyOf(entry);
    const checks = this.#running.get(key) ?? new Map<string, RunningCheck>();
    this.#running.set(key, checks.set(check, running));
    if (definition === undefined) return running;
    if (definition.type === 'ttl') this.#timers.expectReport(running, definition.ttl_ms);
    else {
      running.probe = probeOf(definition, entry.record);
      running.scheduled = this.#schedule.add(running, timingOf(definition).intervalMs, !isLoaded);
    }
    const forMs = clock.now() - (record?.value.changedMs ?? clock.now());
    this.#timers.watchCritical(running, record?.value.status ?? 'passing', isLoaded ? forMs : 0);
    return running;
  }

  /** Since when it has said what it says, on the monotonic clock; undefined if it has said nothing yet. */
  #sinceMs(record: CheckEntry | undefined, isLoaded: boolean): number | undefined {
    const { clock } = this.#options;
    if (record === undefined || (!isLoaded && record.createdRevision === record.revision)) return undefined;
    return clock.monotonicMs() - Math.max(0, clock.now() - (record.value.changedMs ?? 0));
  }

  /** The check that a report is about; undefined if there is none, or another registry's. */
  #listening({ name, id, check }: CheckPlace): RunningCheck | undefined {
    const { catalog, statuses } = this.#options.instances;
    const running = this.#running.get(instanceKey(name, id))?.get(check);
    if (running !== undefined) return running;
    const entry = catalog.get(name, id);
    if (entry === undefined || entry.owner !== this.#options.owner) return undefined;
    if (check !== ownReport && statuses.check(check, name, id) === undefined) return undefined;
    return this.#begin(entry, check, false);
  }

  #endAll(key: string): void {
    for (const running of this.#running.get(key)?.values() ?? []) this.#end(key, running);
  }

  #end(key: string, running: RunningCheck): void {
    running.ended.abort();
    if (running.scheduled !== undefined) this.#schedule.remove(running.scheduled);
    this.#timers.end(running);
    const checks = this.#running.get(key);
    checks?.delete(running.place.check);
    if (checks?.size === 0) this.#running.delete(key);
  }

  async #probe(check: RunningCheck): Promise<void> {
    const { clock, allowLinkLocal } = this.#options;
    const { probe, definition } = check;
    if (probe === undefined || definition === undefined || definition.type === 'ttl') return;
    const startMs = clock.monotonicMs();
    const { signal } = check.ended;
    const result = await probe({ clock, timeoutMs: timingOf(definition).timeoutMs, allowLinkLocal, signal });
    if (signal.aborted) return;
    const durationMs = clock.monotonicMs() - startMs;
    check.lastRun = { atMs: clock.now(), durationMs };
    if (result.status === undefined) return this.#write(check, check.verdict.status, result.output);
    this.stats.probed(definition.type, durationMs);
    if (result.isUnreachable !== true) this.#silence.heard(check.host);
    else if (this.#silence.silent(check.host))
      return this.#write(check, check.verdict.status, noted(result.output, silenceNote));
    const verdict = this.#take(check, { status: result.status, by: 'probe' });
    await this.#write(check, verdict.status, noted(result.output, verdict.note));
  }

  #lapsed(check: RunningCheck): void {
    const { definition } = check;
    if (definition?.type !== 'ttl') return;
    const output = `No report within ${definition.ttl_ms} ms`;
    if (this.#silence.silent(check.host)) {
      this.#timers.reported(check);
      void this.#write(check, check.verdict.status, noted(output, silenceNote));
      return;
    }
    const verdict = this.#take(check, { status: 'critical', by: 'lapse' });
    void this.#write(check, verdict.status, output);
  }

  /** What was said last may be shown, if that was held back. */
  #released(check: RunningCheck): void {
    const verdict = check.verdict.settle(this.#options.clock.monotonicMs());
    this.#waitFor(check, verdict);
    const { name, id, check: checkId } = check.place;
    const entry = this.#options.instances.statuses.check(checkId, name, id);
    const said = entry?.latestOutput ?? entry?.value.output;
    void this.#write(check, verdict.status, noted(withoutNote(said ?? ''), verdict.note));
  }

  #take(check: RunningCheck, finding: Finding): Verdict {
    const { clock, instances } = this.#options;
    const { name, id, check: checkId } = check.place;
    // What could not be stored is not shown, and what somebody else has stored is.
    check.verdict.align(instances.statuses.checkedBy(checkId, name, id));
    const verdict = check.verdict.take(finding, clock.monotonicMs());
    this.#waitFor(check, verdict);
    return verdict;
  }

  #waitFor(check: RunningCheck, { againMs }: Verdict): void {
    this.#timers.endHold(check);
    if (againMs === undefined) return;
    const delayMs = againMs - this.#options.clock.monotonicMs();
    // Who can be asked is asked anew.
    if (check.scheduled !== undefined) this.#schedule.hasten(check.scheduled, delayMs);
    else this.#timers.hold(check, delayMs);
  }

  async #write(check: RunningCheck, status: InstanceStatus, output: string): Promise<void> {
    try {
      await this.#options.write(check.place, { status, output });
      this.#isFailing = false;
    } catch (error) {
      if (check.ended.signal.aborted) return;
      // The next run tries again. One line for many checks: the store is at fault, not each of them.
      if (!this.#isFailing) this.#options.onError(error, 'store what checks have found');
      this.#isFailing = true;
    }
  }

  async #remove(check: RunningCheck): Promise<void> {
    try {
      if (!this.#silence.isSuspect) await this.#options.remove(check.place);
    } catch (error) {
      this.#options.onError(error, 'remove an instance that was critical for too long');
    }
    if (!check.ended.signal.aborted) this.#timers.tryRemovalAgain(check);
  }
}

function keyOf({ record }: InstanceEntry): string {
  return instanceKey(record.name, record.id);
}
