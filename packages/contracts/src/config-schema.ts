import { z } from 'zod';
import { checkSettingText, type SettingRule } from './setting-rule.ts';

/** Where central config is kept: the keys of a registry that has keys. */
export const configKeys: {
  /** What the settings of one service begin with: `config/user-service/`. */
  readonly ofService: (service: string) => string;
  /** What the settings of all services begin with. A setting of one service overrides them. */
  readonly shared: string;
  /** What a service says about its settings, a {@link ConfigSchema} as JSON. */
  readonly schemaOf: (service: string) => string;
} = {
  ofService: (service) => `config/${service}/`,
  shared: 'config/shared/',
  schemaOf: (service) => `config-schema/${service}`,
};

/** A value as a program reads it: without the line end that `echo` and editors leave behind it. */
export function configText(value: string): string {
  return value.replace(/\r?\n$/, '');
}

/** Any text: what an unknown kind of rule is read as, since a later release may have more kinds. */
const anyText: SettingRule = { kind: 'text', max_length: 10_000 };

const ruleSchema: z.ZodType<SettingRule> = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('integer'), min: z.number(), max: z.number() }),
    z.object({ kind: z.literal('duration'), min_ms: z.number(), max_ms: z.number() }),
    z.object({ kind: z.literal('flag') }),
    z.object({ kind: z.literal('choice'), of: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('url'), protocols: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('text'), max_length: z.number() }),
  ])
  .catch(anyText);

/** What a service says about one of its settings. */
export interface SettingDescription {
  /** One line: what the setting does. */
  readonly describe: string;
  /** Describes a valid value, as the end of "Expected …"; may say more than the rule. */
  readonly expects: string;
  readonly rule: SettingRule;
  /** The default, as text. Absent: there is none, or it is computed. */
  readonly default?: string | undefined;
  /** Whether a running program follows a change. Otherwise it takes effect at the next start. */
  readonly live: boolean;
  /** Why the setting cannot come from central config, as a sentence. Absent: it can. */
  readonly local?: string | undefined;
}

/** What a service says about its settings, by their names. */
export interface ConfigSchema {
  readonly settings: Readonly<Record<string, SettingDescription>>;
}

// Tolerant: what a later release adds is dropped, what it changes is read as what restricts least.
const schemaSchema: z.ZodType<ConfigSchema> = z.object({
  settings: z.record(
    z.string(),
    z.object({
      describe: z.string().catch(''),
      expects: z.string().catch('a valid value'),
      rule: ruleSchema,
      default: z.string().optional().catch(undefined),
      live: z.boolean().catch(false),
      local: z.string().optional().catch(undefined),
    }),
  ),
});

/** Reads the text of `config-schema/<service>`. Undefined: it is none, so nothing can be checked. */
export function readConfigSchema(text: string): ConfigSchema | undefined {
  try {
    const read = schemaSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a value for central config. */
export type CentralMistake =
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  /** `why` is a sentence. */
  | { readonly kind: 'local'; readonly why: string }
  /** `problem` is the end of "the value …"; `expects` that of "Expected …". */
  | { readonly kind: 'value'; readonly problem: string; readonly expects: string };

/** Checks a value of one setting against what the service says about it. Undefined: nothing is wrong. */
export function checkCentralValue(schema: ConfigSchema, setting: string, text: string): CentralMistake | undefined {
  const found = Object.hasOwn(schema.settings, setting) ? schema.settings[setting] : undefined;
  if (found === undefined) return { kind: 'unknown', names: Object.keys(schema.settings) };
  if (found.local !== undefined) return { kind: 'local', why: found.local };
  const problem = checkSettingText(found.rule, configText(text));
  return problem === undefined ? undefined : { kind: 'value', problem, expects: found.expects };
}
