import type { InstanceStatus } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { CheckEntry } from '../catalog/status-records.ts';
import { type CheckPlace, ownReport, placeOfCheck } from '../record/check.ts';
import { instanceKey, placeOfInstance } from '../record/instance.ts';
import { CheckStats } from './check-stats.ts';
import { CheckTimers } from './check-timers.ts';
import type { CheckResult, HealthChecksOptions } from './health-checks-options.ts';
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
import { RunningTable } from './running-table.ts';
import { CheckSchedule } from './schedule/check-schedule.ts';
import { SilentChecks } from './silent-checks.ts';
import type { Finding, Verdict } from './verdict/check-verdict.ts';

/** Why nobody is critical for being silent. */
const silenceNote =
  "most machines have fallen silent together, so it may be the registry's own network; believed after 5 minutes";

/**
 * Checks the instances whose leases this registry counts: it follows the records, asks those that are to be asked, waits for
 * those that are to report, and says what each check is shown as. Only a change of the status is stored.
 */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #schedule: CheckSchedule<RunningCheck>;
  readonly #timers: CheckTimers;
  readonly #silence: SilentChecks;
  readonly #running = new RunningTable();
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
      onDoubt: (check) => this.#silence.silent(check),
      onSilent: (check) => this.#lapsed(check),
      onCriticalTooLong: (check) => void this.#remove(check),
      onHoldOver: (check) => this.#released(check),
    });
    this.#silence = new SilentChecks({
      clock,
      takeBack: (check, before) => this.#takeBack(check, before),
      onChange: (isSuspect) => this.#silenceChanged(isSuspect),
    });
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
    this.follow(new Set([...this.#running.instances, ...this.#options.instances.catalog.all().map(keyOf)]));
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
    this.#silence.heard(check);
    const verdict = this.#take(check, { status: said.status, by: 'report' });
    if (verdict.note === undefined) return said;
    return { ...said, status: verdict.status, output: noted(said.output ?? '', verdict.note) };
  }

  /** Another registry was told of these checks, by their keys: nobody is silent. */
  heardElsewhere(keys: readonly string[]): void {
    for (const key of keys) {
      const check = this.#running.get(...placeOfCheck(key));
      if (check === undefined) continue;
      this.#timers.reported(check);
      this.#silence.heard(check);
    }
  }

  /** Whether silence is not believed at present. */
  get isSilenceSuspect(): boolean {
    return this.#silence.isSuspect;
  }

  /** When a check ran last, or was reported; undefined if it was not yet, or another registry checks it. */
  lastRun({ name, id, check }: CheckPlace): LastRun | undefined {
    return this.#running.get(instanceKey(name, id), check)?.lastRun;
  }

  /** Ends all probes, and begins no more. */
  close(): void {
    this.#schedule.close();
    this.#timers.close();
    for (const check of this.#running.all()) check.ended.abort();
  }

  #follow(entry: InstanceEntry, isLoaded: boolean): void {
    const key = keyOf(entry);
    if (entry.owner !== this.#options.owner) return this.#endAll(key);
    const { name, id } = entry.record;
    const wanted = this.#options.instances.statuses.checksOf(name, id);
    for (const running of this.#running.of(key)) {
      const present = wanted.get(running.place.check)?.value;
      const isSame =
        present === undefined
          ? running.place.check === ownReport
          : isSameDefinition(running.definition, present.definition) && running.endpoint === entry.endpoint;
      if (!isSame) this.#end(running);
    }
    for (const [check, { value }] of wanted) {
      const running = this.#running.get(key, check);
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
    this.#running.add(running);
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
    const running = this.#running.get(instanceKey(name, id), check);
    if (running !== undefined) return running;
    const entry = catalog.get(name, id);
    if (entry === undefined || entry.owner !== this.#options.owner) return undefined;
    if (check !== ownReport && statuses.check(check, name, id) === undefined) return undefined;
    return this.#begin(entry, check, false);
  }

  #endAll(key: string): void {
    for (const running of this.#running.of(key)) this.#end(running);
  }

  #end(running: RunningCheck): void {
    running.ended.abort();
    if (running.scheduled !== undefined) this.#schedule.remove(running.scheduled);
    this.#timers.end(running);
    this.#running.remove(running);
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
    if (result.isUnreachable !== true) this.#silence.heard(check);
    else if (this.#silence.silent(check))
      return this.#write(check, check.verdict.status, noted(result.output, silenceNote));
    const before = check.verdict.status;
    const verdict = this.#take(check, { status: result.status, by: 'probe' });
    if (result.isUnreachable === true) this.#silence.believed(check, before);
    await this.#write(check, verdict.status, noted(result.output, verdict.note));
  }

  #lapsed(check: RunningCheck): void {
    const { definition } = check;
    if (definition?.type !== 'ttl') return;
    const output = `No report within ${definition.ttl_ms} ms`;
    if (this.#silence.silent(check)) {
      this.#timers.reported(check);
      void this.#write(check, check.verdict.status, noted(output, silenceNote));
      return;
    }
    const before = check.verdict.status;
    const verdict = this.#take(check, { status: 'critical', by: 'lapse' });
    this.#silence.believed(check, before);
    void this.#write(check, verdict.status, output);
  }

  #takeBack(check: RunningCheck, before: InstanceStatus): void {
    check.verdict.align(before);
    // A TTL has its time again.
    this.#timers.reported(check);
    void this.#write(check, before, noted(this.#found(check), silenceNote));
  }

  #silenceChanged(isSuspect: boolean): void {
    this.#options.onSilence(isSuspect);
    if (isSuspect) return;
    // What is heard again has the time to show that it is well.
    for (const check of this.#running.all()) this.#timers.countAnew(check);
  }

  /** What was said last may be shown, if that was held back. */
  #released(check: RunningCheck): void {
    const verdict = check.verdict.settle(this.#options.clock.monotonicMs());
    this.#waitFor(check, verdict);
    void this.#write(check, verdict.status, noted(this.#found(check), verdict.note));
  }

  /** What was found or said last. */
  #found({ place: { name, id, check } }: RunningCheck): string {
    const entry = this.#options.instances.statuses.check(check, name, id);
    return withoutNote(entry?.latestOutput ?? entry?.value.output ?? '');
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
