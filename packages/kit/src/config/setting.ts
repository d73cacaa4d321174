import type { Reading } from '@flotilla/contracts';
import type { SettingRule } from '@flotilla/contracts/setting-rule';
import type { z } from 'zod';

/** The values that are known when a default is derived, by the settings' names. */
export type KnownValues = Readonly<Record<string, unknown>>;

/** One setting of a program. Its name is its key in the settings object, and the environment variable it is read from. */
export interface Setting<T> {
  /** One line for `--help`: what the setting does. */
  readonly describe: string;
  /** Describes a valid value, as the end of "Expected …". */
  readonly expects: string;
  /** A valid value, shown in the message about an invalid one. */
  readonly example: string | undefined;
  /** Whether the value is shown as `***` everywhere. */
  readonly secret: boolean;
  /** Whether the flag needs no value: `--verbose` is `--verbose=true`. */
  readonly standsAlone: boolean;
  /** The value if none is given; `undefined` with `required` false means that the setting stays unset. */
  readonly default: T | undefined;
  /** Derives the default from the other values; runs after all of them are known and valid. */
  readonly derive: ((known: KnownValues) => T) | undefined;
  /** Whether the program cannot start without a value. */
  readonly required: boolean;
  /** As much of what a valid value is as others can check. */
  readonly rule: SettingRule;
  /** Whether a running program follows changes of central config. */
  readonly live: boolean;
  /** Whether `--help` lists it. */
  readonly listed: boolean;
  /** Why the setting cannot come from central config, as a sentence; undefined: it can. */
  readonly local: string | undefined;
  /** Turns what the user wrote into a value. */
  read(raw: string): Reading<T>;
}

/** The settings of a program by name: `SERVER_PORT`, `DATABASE_URL`. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of `S`. */
export type ConfigOf<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** Options of every kind of setting. */
export interface SettingOptions<T> {
  /** One line for `--help`: what the setting does. */
  readonly describe: string;
  /** The value if none is given. Without it, and without `optional`, the setting is required. */
  readonly default?: T | undefined;
  /** A default that depends on other settings. */
  readonly derive?: ((known: KnownValues) => T) | undefined;
  /** Shown as `***` in messages and in `--print-config`. Default false. */
  readonly secret?: boolean | undefined;
  /** A valid value, for the message about an invalid one. Default: the default. */
  readonly example?: string | undefined;
  /**
   * Whether the running program follows a change of this setting in central config: its value in `config` changes, and
   * `onSetting` is called. Default false, since most programs read a setting once; a change is then used at the next start.
   */
  readonly live?: boolean | undefined;
  /**
   * Why this setting cannot come from central config, as a sentence. Default: it can, unless it is secret: whoever may read
   * keys of the registry would see it.
   */
  readonly local?: string | undefined;
  /** Whether `--help` lists it, and `--print-config` even if it is not set. Default true; false for what hardly anybody needs. */
  readonly listed?: boolean | undefined;
}

/** {@link SettingOptions} of a setting that may stay unset. */
export type OptionalSettingOptions<T> = SettingOptions<T> & { readonly optional: true };

/**
 * A setting checked by a zod schema that gets the raw text: `setting(z.coerce.number().int(), …)`. A schema that accepts
 * `undefined` makes the setting optional.
 */
export function setting<T>(schema: z.ZodType<T>, options: SettingOptions<T>): Setting<T> {
  const unset = options.default === undefined ? schema.safeParse(undefined) : undefined;
  return newSetting<T>(
    {
      expects: 'a valid value',
      standsAlone: false,
      read(raw) {
        const result = schema.safeParse(raw);
        if (result.success) return { ok: true, value: result.data };
        return {
          ok: false,
          problem: `is not accepted: ${result.error.issues.map((issue) => issue.message).join('; ')}`,
        };
      },
    },
    unset?.success === true ? { ...options, default: unset.data, optional: true } : options,
  );
}

/** How kinds of settings differ. */
export interface SettingKind<T> {
  readonly expects: string;
  readonly standsAlone: boolean;
  /** As much of `read` as others can check. Default: any text. */
  readonly rule?: SettingRule;
  read(raw: string): Reading<T>;
}

/** Longer than any setting needs. */
const anyText: SettingRule = { kind: 'text', max_length: 10_000 };

/** Makes a setting from a kind and its options. */
export function newSetting<T>(
  kind: SettingKind<T>,
  options: SettingOptions<T> & { readonly optional?: boolean },
): Setting<T> {
  const fallback = options.default;
  return {
    describe: options.describe,
    expects: kind.expects,
    example: options.example ?? (fallback === undefined || fallback === null ? undefined : String(fallback)),
    secret: options.secret ?? false,
    standsAlone: kind.standsAlone,
    default: fallback,
    derive: options.derive,
    required: fallback === undefined && options.derive === undefined && options.optional !== true,
    rule: kind.rule ?? anyText,
    live: options.live ?? false,
    listed: options.listed ?? true,
    local:
      options.local ??
      (options.secret === true
        ? 'It is a secret, which everyone who may read the keys of the registry would see.'
        : undefined),
    read: (raw) => kind.read(raw),
  };
}
