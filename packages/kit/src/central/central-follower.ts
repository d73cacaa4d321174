import type { Clock } from '@flotilla/contracts';
import type { CentralConfig, CentralTexts, FollowedConfig } from '@flotilla/contracts/central-config';
import { pause } from '@flotilla/contracts/time';
import type { GivenConfig, Settings } from '../config/index.ts';
import type { Logger } from '../logger/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import { CentralLayer } from './central-layer.ts';
import { CentralReport } from './central-report.ts';
import type { RunningConfig } from './running-config.ts';
import { schemaOf } from './schema-of.ts';

/** What a {@link CentralFollower} needs. */
export interface CentralFollowerOptions {
  readonly central: CentralConfig;
  readonly given: GivenConfig<Settings>;
  readonly clock: Clock;
}

/** Central config while it is followed: first for the values to start with, then for their changes. */
export class CentralFollower {
  readonly #layer: CentralLayer;
  readonly #followed: FollowedConfig;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #first = new AbortController();
  readonly #firstFailure = new AbortController();
  #known = false;
  #onChange: (() => void) | undefined;

  constructor({ central, given, clock }: CentralFollowerOptions) {
    this.#clock = clock;
    this.#settings = given.settings;
    this.#layer = new CentralLayer(given.program, given.settings);
    this.#followed = central.follow(given.program, {
      changed: (texts) => this.#take(texts),
      failed: () => this.#firstFailure.abort(),
    });
  }

  /** Whether central config has been read at least once. */
  get known(): boolean {
    return this.#known;
  }

  /** The values to use, by the names of settings. */
  get texts(): ReadonlyMap<string, string> {
    return this.#layer.texts;
  }

  /** Waits until central config is known, at most `limitMs`. `tries`: until one attempt has failed, or until the limit. */
  async wait(limitMs: number, tries: 'once' | 'until-limit'): Promise<void> {
    const signals = tries === 'once' ? [this.#first.signal, this.#firstFailure.signal] : [this.#first.signal];
    await pause(this.#clock, limitMs, AbortSignal.any(signals));
  }

  /** Publishes the settings, so that wrong values are refused when they are written. */
  publish(): void {
    this.#followed.publish(schemaOf(this.#settings));
  }

  /** Applies what is known, and each change from now on, to the running program. */
  run<S extends Settings>(running: RunningConfig<S>, logger: Logger, metrics: Metrics): void {
    const report = new CentralReport(this.#settings, logger, metrics);
    this.#onChange = () => {
      report.ignored(this.#layer);
      for (const change of running.apply(this.#layer.texts)) {
        report.changed(change);
        if (change.effect !== 'applied') continue;
        for (const error of running.tell(change))
          logger.error({ err: error, setting: change.setting }, 'the program failed to follow a change of a setting');
      }
      report.counts(this.#known, this.#layer.ignored.length, running.pending.length);
    };
    this.#onChange();
  }

  close(): Promise<void> {
    this.#onChange = undefined;
    return this.#followed.close();
  }

  #take(texts: CentralTexts): void {
    this.#layer.take(texts);
    this.#known = true;
    this.#first.abort();
    this.#onChange?.();
  }
}
