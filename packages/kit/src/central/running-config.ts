import { isDeepStrictEqual } from 'node:util';
import { type ConfigOf, type ConfigSource, type GivenConfig, resolveConfig, type Settings } from '../config/index.ts';

/** What a change of central config means for one setting. */
export interface SettingChange {
  readonly setting: string;
  readonly value: unknown;
  readonly from: ConfigSource;
  /**
   * - `applied`: the running program uses it.
   * - `next-start`: the program uses it when it starts next.
   * - `withdrawn`: the value that runs again was to change at the next start.
   * - `missing`: a required setting is gone; the running program keeps its value, and the next start fails without one.
   */
  readonly effect: 'applied' | 'next-start' | 'withdrawn' | 'missing';
}

/** The config of a running program. Live settings change in place, so that who reads one when it is needed has the latest. */
export class RunningConfig<S extends Settings> {
  readonly #given: GivenConfig<S>;
  readonly #values: Record<string, unknown>;
  readonly #sources: Record<string, ConfigSource>;
  readonly #listeners = new Map<string, Set<(value: never) => void>>();
  /** The values of the next start that differ from those that run. */
  readonly #pending = new Map<string, unknown>();

  /** `values` are those the program starts with. */
  constructor(given: GivenConfig<S>, values: ConfigOf<S>, sources: Readonly<Record<string, ConfigSource>>) {
    this.#given = given;
    this.#values = { ...values };
    this.#sources = { ...sources };
  }

  /** One object for as long as the program runs. */
  get config(): ConfigOf<S> {
    // It began as one, and `apply` stores only what the setting of that name has read.
    return this.#values as ConfigOf<S>;
  }

  get sources(): Readonly<Record<string, ConfigSource>> {
    return this.#sources;
  }

  /** The settings whose change waits for the next start. */
  get pending(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Calls `run` with each new value of a live setting. */
  onSetting<Name extends keyof S & string>(name: Name, run: (value: ConfigOf<S>[Name]) => void): void {
    if (this.#given.settings[name]?.live !== true)
      throw new TypeError(
        `${name} does not change while the program runs: make the setting live, or read it from config`,
      );
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(run);
    this.#listeners.set(name, listeners);
  }

  /** Takes over what central config says now. Returns what that changes. */
  apply(central: ReadonlyMap<string, string>): readonly SettingChange[] {
    const result = resolveConfig(this.#given, central);
    // What was wrong beyond missing values would have been reported at the start.
    const missing = result.ok ? [] : (result.missing ?? []);
    const next: Readonly<Record<string, unknown>> = result.config;
    const changes: SettingChange[] = [];
    for (const [setting, { live, local }] of Object.entries(this.#given.settings)) {
      // Central config says nothing about it, and the program may have found its value by other means.
      if (local !== undefined) continue;
      const from = result.sources[setting] ?? 'unset';
      const value = next[setting];
      const change = missing.includes(setting) ? this.#miss(setting) : this.#change(setting, value, live, from);
      if (change !== undefined) changes.push({ setting, value, from, effect: change });
    }
    return changes;
  }

  /** Tells the listeners; returns what they threw. */
  tell({ setting, value }: SettingChange): readonly unknown[] {
    const failures: unknown[] = [];
    for (const run of this.#listeners.get(setting) ?? []) {
      try {
        // Of the type that the setting of this name has, as `onSetting` demands.
        run(value as never);
      } catch (error) {
        failures.push(error);
      }
    }
    return failures;
  }

  #miss(setting: string): SettingChange['effect'] | undefined {
    if (this.#pending.has(setting) && this.#pending.get(setting) === undefined) return undefined;
    this.#pending.set(setting, undefined);
    return 'missing';
  }

  #change(setting: string, value: unknown, live: boolean, from: ConfigSource): SettingChange['effect'] | undefined {
    if (isDeepStrictEqual(value, this.#values[setting])) {
      this.#sources[setting] = from;
      return this.#pending.delete(setting) ? 'withdrawn' : undefined;
    }
    if (live) {
      this.#values[setting] = value;
      this.#sources[setting] = from;
      this.#pending.delete(setting);
      return 'applied';
    }
    if (this.#pending.has(setting) && isDeepStrictEqual(value, this.#pending.get(setting))) return undefined;
    this.#pending.set(setting, value);
    return 'next-start';
  }
}
