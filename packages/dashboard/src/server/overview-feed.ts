import { basename } from 'node:path';
import type { Clock, Timer } from '@flotilla/contracts';
import type { FleetReport } from '@flotilla/fleet/control';
import { programViews, type RegistryState, type Supervisor, SupervisorAway, type Troubles } from '../sources/index.ts';
import type { AlertView, Overview, TrafficView } from '../wire/index.ts';

/** What {@link OverviewFeed} needs. */
export interface OverviewFeedOptions {
  readonly supervisor: Pick<Supervisor, 'isExpected' | 'report'>;
  readonly registry: () => RegistryState;
  readonly troubles: Troubles;
  /** Called before an overview is made, to note what is wrong now. */
  readonly look: () => void;
  /** Of the last minute, by service. */
  readonly traffic: () => Promise<ReadonlyMap<string, TrafficView>>;
  readonly alerts: () => readonly AlertView[];
  readonly clock: Clock;
}

/** How often the supervisor is asked while somebody looks, and while nobody does. */
const watchedEveryMs = 1_000;
const idleEveryMs = 10_000;
/** What changes at once is told at once. */
const settleMs = 100;
/** One that was made this shortly before is good enough for whoever asks. */
const freshMs = 500;

/** The overview, kept up to date. */
export class OverviewFeed {
  readonly #options: OverviewFeedOptions;
  readonly #listeners = new Set<(overview: Overview) => void>();
  #made: { readonly overview: Overview; readonly atMs: number; readonly text: string } | undefined;
  #making: Promise<Overview> | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: OverviewFeedOptions) {
    this.#options = options;
  }

  start(): void {
    this.#plan(0);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#listeners.clear();
  }

  /** As it is now. */
  current(): Promise<Overview> {
    const { clock } = this.#options;
    if (this.#made !== undefined && clock.monotonicMs() - this.#made.atMs < freshMs)
      return Promise.resolve(this.#made.overview);
    return (this.#making ??= this.#make().finally(() => {
      this.#making = undefined;
    }));
  }

  /** Calls `listener` with each overview that differs from the one before. Returns what ends that. */
  follow(listener: (overview: Overview) => void): () => void {
    this.#listeners.add(listener);
    this.#plan(settleMs);
    return () => void this.#listeners.delete(listener);
  }

  /** Says that something it is made of has changed. */
  changed(): void {
    if (this.#made !== undefined) this.#made = { ...this.#made, atMs: Number.NEGATIVE_INFINITY };
    this.#plan(settleMs);
  }

  async #make(): Promise<Overview> {
    const { registry, troubles, traffic, alerts, clock, look } = this.#options;
    look();
    const [report, measured] = await Promise.all([
      this.#report(),
      traffic().catch(() => new Map<string, TrafficView>()),
    ]);
    const known = { report, registry: registry(), traffic: measured, nowMs: clock.now() };
    const overview: Overview = {
      fleet: report && {
        name: basename(report.folder),
        folder: report.folder,
        version: report.version,
        uptimeMs: report.uptimeMs,
      },
      programs: programViews(known),
      alerts: alerts(),
      troubles: troubles.list,
    };
    const text = JSON.stringify(overview);
    const isNew = text !== this.#made?.text;
    this.#made = { overview, text, atMs: clock.monotonicMs() };
    if (isNew) for (const listener of this.#listeners) listener(overview);
    return overview;
  }

  async #report(): Promise<FleetReport | undefined> {
    const { supervisor, troubles } = this.#options;
    if (!supervisor.isExpected) return undefined;
    try {
      const report = await supervisor.report();
      troubles.note('supervisor', undefined);
      return report;
    } catch (error) {
      troubles.note(
        'supervisor',
        error instanceof SupervisorAway ? error.message : `The supervisor cannot be asked: ${String(error)}`,
      );
      return undefined;
    }
  }

  #plan(delayMs: number): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => {
      void this.current().finally(() => this.#plan(this.#listeners.size > 0 ? watchedEveryMs : idleEveryMs));
    });
  }
}
