import { type Settings, showValue } from '../config/index.ts';
import type { Logger } from '../logger/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { CentralLayer } from './central-layer.ts';
import type { SettingChange } from './running-config.ts';

/** Says in the log and in the metrics what the program makes of central config. */
export class CentralReport {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #gauges: Readonly<Record<'known' | 'ignored' | 'pending', { set(value: number): void }>>;
  /** What was logged about each key that is ignored. */
  readonly #said = new Map<string, string>();

  constructor(settings: Settings, logger: Logger, metrics: Metrics) {
    this.#settings = settings;
    this.#logger = logger;
    const gauge = (name: string, help: string, merge: 'min' | 'max') => metrics.gauge({ name, help, merge }).labels();
    this.#gauges = {
      known: gauge('config_central_known', 'Whether central config has been read (1) or not yet (0).', 'min'),
      ignored: gauge('config_central_ignored_keys', 'Keys of central config that the program does not use.', 'max'),
      pending: gauge('config_central_pending_settings', 'Settings whose change waits for the next start.', 'max'),
    };
  }

  counts(known: boolean, ignored: number, pending: number): void {
    this.#gauges.known.set(known ? 1 : 0);
    this.#gauges.ignored.set(ignored);
    this.#gauges.pending.set(pending);
  }

  /** Warns once about each key that is ignored, and again when the reason is another. */
  ignored({ ignored }: CentralLayer): void {
    for (const { key, why, keepsLast } of ignored) {
      if (this.#said.get(key) === why) continue;
      this.#said.set(key, why);
      const instead = keepsLast ? 'the last value that was good stays in use' : 'the program runs without it';
      this.#logger.warn({ key, reason: why }, `ignored a key of central config; ${instead}`);
    }
    const now = new Set(ignored.map(({ key }) => key));
    for (const key of this.#said.keys()) {
      if (now.has(key)) continue;
      this.#said.delete(key);
      this.#logger.info({ key }, 'a key of central config is in order again');
    }
  }

  changed({ setting, value, from, effect }: SettingChange): void {
    const fields = { setting, value: showValue(value, this.#settings[setting]?.secret === true), from };
    switch (effect) {
      case 'applied':
        return this.#logger.info(fields, 'a setting changed');
      case 'next-start':
        return this.#logger.warn(fields, 'a setting changed; it takes effect at the next start');
      case 'withdrawn':
        return this.#logger.info(fields, 'a setting is as it was at the start; nothing waits for a restart');
      case 'missing':
        return this.#logger.warn(
          { setting },
          'a required setting was removed from central config; its last value stays in use, but the next start fails without one',
        );
      default:
        return effect satisfies never;
    }
  }
}
