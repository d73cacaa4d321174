import type { Clock, Timer } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { type Count, takeCensus } from './census.ts';
import { type Episode, endOf, rfc3339, type Suspect, shownEpisode } from './episode.ts';
import type { GuardEnd, GuardSettings, GuardView } from './guard-view.ts';

/** What a {@link MassLoss} works with. */
export interface MassLossOptions extends GuardSettings {
  readonly clock: Clock;
  /** Every instance. */
  readonly entries: () => Iterable<InstanceEntry>;
  /** Whether the entry is still the one of its name and id. */
  readonly isThere: (entry: InstanceEntry) => boolean;
  /** The time at which `heardMs` of leases is counted. */
  readonly workedMs: () => number;
  /** See {@link CensusOptions}. */
  readonly isFailing: (entry: InstanceEntry) => boolean;
  /** Stores that an instance is suspect since then, RFC 3339, if it still `isKept`. Settles when that is done, or failed. */
  readonly mark: (entry: InstanceEntry, since: string) => Promise<void>;
  /** Stores that an instance that was suspect is not. */
  readonly clear: (entry: InstanceEntry) => void;
  /** Removes instances that are silent still. */
  readonly giveUp: (entries: readonly InstanceEntry[]) => void;
  readonly onOpen: (view: GuardView) => void;
  readonly onClose: (end: GuardEnd) => void;
}

/** Fewer than this are no mass: three of a fleet of six may well have crashed. */
const leastLost = 5;
/** How long those that were let go count, in milliseconds. Those that will follow are seen by their silence. */
const windowMs = 5_000;
/** How often suspects are looked at, in milliseconds. */
const lookEveryMs = 1_000;
/** For so many holds nobody is admitted any more: then all suspects have had their hold, and it ends, whatever comes. */
const admitForHolds = 2;
/** Suspects are given up over about this many looks, so that watchers do not get all changes at once. */
const looksToGiveUp = 10;
/** Who has no lease gets this long to come back once enough others have, in milliseconds. */
const leastTimeMs = 10_000;

/**
 * When many instances fall silent at about the same time, the reason is more often the registry's own network, machine or clock
 * than theirs. Then they are kept, and marked as suspect, until they give a sign of life, or for a time that nothing prolongs.
 */
export class MassLoss {
  readonly #options: MassLossOptions;
  readonly #suspects = new Map<InstanceEntry, Suspect>();
  #gone: { readonly service: string; readonly atMs: number }[] = [];
  #episode: Episode | undefined;
  #lastEnd: GuardEnd | undefined;
  #openings = 0;
  #timer: Timer | undefined;

  constructor(options: MassLossOptions) {
    this.#options = options;
  }

  /** How often it has opened. */
  get openings(): number {
    return this.#openings;
  }

  /** How many are kept now. */
  get suspects(): number {
    return this.#suspects.size;
  }

  isKept(entry: InstanceEntry): boolean {
    return this.#suspects.has(entry);
  }

  /** What it does now, and why. */
  get view(): GuardView {
    const { sharePercent, holdMs } = this.#options;
    const settings = { share_percent: sharePercent, hold_ms: holdMs };
    const episode = this.#episode;
    if (episode !== undefined)
      return {
        open: true,
        ...settings,
        until: rfc3339(this.#untilMs()),
        ...shownEpisode(episode, this.#suspects.size),
      };
    return { open: false, ...settings, ...(this.#lastEnd === undefined ? {} : { last: this.#lastEnd }) };
  }

  /** Goes on with those that an earlier process of the registry has kept. */
  resume(entries: Iterable<InstanceEntry>): void {
    for (const entry of entries) {
      const isOurs = entry.lease !== undefined || entry.record.lease_ms === 0;
      if (isOurs && !this.#suspects.has(entry)) this.#takeOver(entry);
    }
    this.#openForThoseTakenOver();
  }

  /** Decides about instances that have fallen silent. Returns those that are to go now; the others are kept. */
  lapse(entries: readonly InstanceEntry[]): readonly InstanceEntry[] {
    const { sharePercent, clock, holdMs } = this.#options;
    const others = entries.filter((entry) => !this.#suspects.has(entry));
    if (others.length === 0 || sharePercent === 0) return others;
    const over = others.filter(({ record }) => record.suspect_since !== undefined).filter((it) => !this.#takeOver(it));
    this.#openForThoseTakenOver();
    const fresh = others.filter(({ record }) => record.suspect_since === undefined);
    if (fresh.length === 0) return over;
    const nowMs = clock.monotonicMs();
    this.#gone = this.#gone.filter(({ atMs }) => nowMs - atMs < windowMs);
    const { of, lost, services } = this.#count(fresh);
    const isMass = lost >= this.#enough(of) && this.#admits(nowMs);
    const go = isMass ? fresh.filter(({ record }) => !services.has(record.name)) : fresh;
    for (const { record } of go) this.#gone.push({ service: record.name, atMs: nowMs });
    const gone = [...over, ...go];
    const kept = isMass ? fresh.filter(({ record }) => services.has(record.name)) : [];
    if (kept.length === 0) return gone;
    for (const entry of kept) this.#keep(entry, clock.now(), holdMs);
    this.#open(clock.now(), of, `${lost} of ${of} instances fell silent at about the same time`);
    this.#markAll();
    return gone;
  }

  /** An instance has given a sign of life. */
  heard(entry: InstanceEntry): void {
    if (this.#suspects.delete(entry) && this.#episode !== undefined) this.#episode.returned += 1;
    else if (entry.record.suspect_since === undefined) return;
    this.#options.clear(entry);
  }

  /** Looks no more. */
  stop(): void {
    this.#timer?.cancel();
  }

  #enough(of: number): number {
    return Math.max(leastLost, (of * this.#options.sharePercent) / 100);
  }

  #admits(nowMs: number): boolean {
    return this.#episode === undefined || nowMs - this.#episode.openedMs < admitForHolds * this.#options.holdMs;
  }

  #count(fresh: readonly InstanceEntry[]): Count {
    return takeCensus({
      entries: this.#options.entries(),
      workedMs: this.#options.workedMs(),
      gone: this.#gone.map(({ service }) => service),
      lapsed: new Set([...this.#suspects.keys(), ...fresh]),
      isFailing: this.#options.isFailing,
    });
  }

  #keep(entry: InstanceEntry, sinceMs: number, forMs: number): void {
    const dueMs = this.#options.clock.monotonicMs() + forMs;
    this.#suspects.set(entry, { sinceMs, dueMs, hurried: false, marking: false });
  }

  /** Keeps an instance that is marked already for what is left of its time. Returns whether anything is. */
  #takeOver(entry: InstanceEntry): boolean {
    const { clock, holdMs } = this.#options;
    const sinceMs = Date.parse(entry.record.suspect_since ?? '');
    // A clock that was set back must not keep it longer.
    const heldMs = Math.max(0, clock.now() - sinceMs);
    if (!(heldMs < holdMs)) return false;
    this.#keep(entry, sinceMs, holdMs - heldMs);
    return true;
  }

  #openForThoseTakenOver(): void {
    if (this.#suspects.size === 0 || this.#episode !== undefined) return;
    const earliestMs = Math.min(...[...this.#suspects.values()].map(({ sinceMs }) => sinceMs));
    const why = `${this.#suspects.size} instances had fallen silent before this registry counted their leases`;
    this.#open(earliestMs, this.#count([]).of, why);
  }

  /** Begins an episode, or lets the one under way grow. */
  #open(openedAtMs: number, of: number, why: string): void {
    const { clock, workedMs, onOpen } = this.#options;
    const peak = this.#suspects.size;
    if (this.#episode !== undefined) {
      this.#episode.peak = Math.max(this.#episode.peak, peak);
      this.#episode.of = Math.max(this.#episode.of, of);
      return;
    }
    this.#openings += 1;
    this.#episode = {
      openedMs: clock.monotonicMs(),
      openedWorkedMs: workedMs(),
      openedAtMs,
      why,
      of,
      peak,
      returned: 0,
      removed: 0,
      replaced: new Map(),
    };
    onOpen(this.view);
    this.#timer = clock.after(lookEveryMs, () => this.#look());
  }

  #look(): void {
    const episode = this.#episode;
    if (episode === undefined) return;
    const { clock, isThere } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const entry of this.#suspects.keys())
      if (!isThere(entry)) {
        this.#suspects.delete(entry);
        episode.removed += 1;
      }
    this.#giveUpReplaced(episode, nowMs);
    const { of, lost } = this.#count([]);
    if (lost < this.#enough(of)) this.#hurry(nowMs);
    const most = Math.max(leastLost, Math.ceil(episode.peak / looksToGiveUp));
    const due = [...this.#suspects].filter(([, { dueMs }]) => dueMs <= nowMs).slice(0, most);
    for (const [entry] of due) this.#suspects.delete(entry);
    episode.removed += due.length;
    if (due.length > 0) this.#options.giveUp(due.map(([entry]) => entry));
    this.#markAll();
    if (this.#suspects.size === 0) this.#close(episode);
    else this.#timer = clock.after(lookEveryMs, () => this.#look());
  }

  /** Instances of the same service that came since stand for as many that fell silent: the longest silent go. */
  #giveUpReplaced(episode: Episode, nowMs: number): void {
    const services = new Set([...this.#suspects.keys()].map(({ record }) => record.name));
    const fresh = new Map<string, number>();
    for (const { record, lease, enteredMs } of this.#options.entries())
      if (
        services.has(record.name) &&
        enteredMs >= episode.openedWorkedMs &&
        lease !== undefined &&
        lease.heapIndex >= 0
      )
        fresh.set(record.name, (fresh.get(record.name) ?? 0) + 1);
    if (fresh.size === 0) return;
    for (const [entry, suspect] of this.#suspects) {
      const { name } = entry.record;
      const done = episode.replaced.get(name) ?? 0;
      if (done >= (fresh.get(name) ?? 0) || suspect.dueMs <= nowMs) continue;
      episode.replaced.set(name, done + 1);
      suspect.dueMs = nowMs;
    }
  }

  /** Most are back: what kept them silent is over, and live instances are heard of within a lease. */
  #hurry(nowMs: number): void {
    for (const [{ record }, suspect] of this.#suspects) {
      if (suspect.hurried) continue;
      suspect.hurried = true;
      suspect.dueMs = Math.min(suspect.dueMs, nowMs + Math.max(record.lease_ms, leastTimeMs));
    }
  }

  /** Stores who is suspect; what could not be stored is tried again at the next look. */
  #markAll(): void {
    for (const [entry, suspect] of this.#suspects) {
      if (suspect.marking || entry.record.suspect_since !== undefined) continue;
      suspect.marking = true;
      void this.#options.mark(entry, rfc3339(suspect.sinceMs)).then(() => {
        suspect.marking = false;
        // Heard of while that was being stored.
        if (!this.#suspects.has(entry) && entry.record.suspect_since !== undefined) this.#options.clear(entry);
      });
    }
  }

  #close(episode: Episode): void {
    const end = endOf(episode, this.#options.clock.now());
    this.#episode = undefined;
    this.#lastEnd = end;
    this.#options.onClose(end);
  }

  /** Wall-clock time by which all suspects have come back or are given up, but for the pace of that. */
  #untilMs(): number {
    const { clock } = this.#options;
    let latestMs = clock.monotonicMs();
    for (const { dueMs } of this.#suspects.values()) latestMs = Math.max(latestMs, dueMs);
    return clock.now() + latestMs - clock.monotonicMs();
  }
}
