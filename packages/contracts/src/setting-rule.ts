import type { Reading } from './reading.ts';

/** A whole number in decimal digits, ends included. */
export interface IntegerRule {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
}

/** Milliseconds, or a number with a unit: `500ms`, `10s`, `5m`, `1h`. Ends included. */
export interface DurationRule {
  readonly kind: 'duration';
  readonly min_ms: number;
  readonly max_ms: number;
}

/** Yes or no, in the usual words. */
export interface FlagRule {
  readonly kind: 'flag';
}

/** One of a few words, whatever their case. */
export interface ChoiceRule<T extends string = string> {
  readonly kind: 'choice';
  readonly of: readonly T[];
}

/** An absolute URL with a host and one of these schemes, which are without the colon. */
export interface UrlRule {
  readonly kind: 'url';
  readonly protocols: readonly string[];
}

/** Any text up to a length, in characters. What else the program demands of it, only the program knows. */
export interface TextRule {
  readonly kind: 'text';
  readonly max_length: number;
}

/**
 * What the text of a setting must be like, as JSON: programs publish it, and the store of a setting checks it. It has no
 * regular expressions on purpose: one that takes forever would block the store.
 */
export type SettingRule = IntegerRule | DurationRule | FlagRule | ChoiceRule | UrlRule | TextRule;

/** What is wrong with the text of a setting, as the end of "the value …", without repeating it. Undefined: nothing. */
export function checkSettingText(rule: SettingRule, text: string): string | undefined {
  const reading = readSetting(rule, text);
  return reading.ok ? undefined : reading.problem;
}

/** Describes a valid text, as the end of "Expected …". */
export function describeRule(rule: SettingRule): string {
  switch (rule.kind) {
    case 'integer':
      return `a whole number from ${rule.min} to ${rule.max}`;
    case 'duration':
      return `a duration from ${rule.min_ms} ms to ${rule.max_ms} ms, such as 500ms, 10s or 5m`;
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${rule.of.join(', ')}`;
    case 'url':
      return `a URL that begins with ${schemesOf(rule)}`;
    case 'text':
      return `a string of 1 to ${rule.max_length} characters`;
    default:
      return rule satisfies never;
  }
}

export function readInteger(rule: IntegerRule, text: string): Reading<number> {
  // Number() alone would also accept "", " 1", "0x10", "1e3" and "1.0".
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return value >= rule.min && value <= rule.max ? { ok: true, value } : unlike(rule);
}

const unitsMs: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The value is in milliseconds. */
export function readDuration(rule: DurationRule, text: string): Reading<number> {
  const [, digits = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text) ?? [];
  const value = digits === '' ? Number.NaN : Math.round(Number(digits) * (unitsMs[unit] ?? Number.NaN));
  return value >= rule.min_ms && value <= rule.max_ms ? { ok: true, value } : unlike(rule);
}

const words: Readonly<Record<string, boolean>> = {
  true: true,
  1: true,
  yes: true,
  on: true,
  false: false,
  0: false,
  no: false,
  off: false,
};

export function readFlag(text: string): Reading<boolean> {
  const word = text.toLowerCase();
  const value = Object.hasOwn(words, word) ? words[word] : undefined;
  return value === undefined ? { ok: false, problem: 'is not true or false' } : { ok: true, value };
}

/** The value is the word as the rule has it. */
export function readChoice<T extends string>(rule: ChoiceRule<T>, text: string): Reading<T> {
  const value = rule.of.find((word) => word.toLowerCase() === text.toLowerCase());
  return value === undefined ? unlike(rule) : { ok: true, value };
}

/** The value is the text as given. */
export function readUrl(rule: UrlRule, text: string): Reading<string> {
  if (!rule.protocols.some((protocol) => text.toLowerCase().startsWith(`${protocol}://`)))
    return { ok: false, problem: `does not begin with ${schemesOf(rule)}` };
  const parsed = URL.parse(text);
  if (parsed === null || parsed.hostname === '')
    return { ok: false, problem: 'is not a URL with a valid host and port' };
  return { ok: true, value: text };
}

export function readText(rule: TextRule, text: string): Reading<string> {
  return text !== '' && text.length <= rule.max_length ? { ok: true, value: text } : unlike(rule);
}

function readSetting(rule: SettingRule, text: string): Reading<unknown> {
  switch (rule.kind) {
    case 'integer':
      return readInteger(rule, text);
    case 'duration':
      return readDuration(rule, text);
    case 'flag':
      return readFlag(text);
    case 'choice':
      return readChoice(rule, text);
    case 'url':
      return readUrl(rule, text);
    case 'text':
      return readText(rule, text);
    default:
      return rule satisfies never;
  }
}

function unlike(rule: SettingRule): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: `is not ${describeRule(rule)}` };
}

function schemesOf({ protocols }: UrlRule): string {
  return protocols.map((protocol) => `${protocol}://`).join(' or ');
}
