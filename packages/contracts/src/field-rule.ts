import { type FieldProblem, fieldMessage } from './field-problem.ts';
import type { FieldCode } from './field-table.ts';
import type { MessageParameters } from './fill-in.ts';
import type { Translated } from './locale.ts';

/** What a {@link FieldRule} says of a value that breaks it. */
export type BrokenRule = Omit<FieldProblem, 'field'>;

/** A rule in the shape that zod's `refine` takes: the English text, and what is needed to say it in other languages. */
export interface FieldRule {
  readonly error: string;
  readonly params: { readonly rule: BrokenRule };
}

/**
 * What a schema's own check says when it fails: `z.string().refine(isEmail, rule('NOT_AN_EMAIL'))`. A rule that only one
 * service has brings its texts along: `rule({ en: 'must be a prime', 'zh-CN': '必须是质数' })`.
 */
export function rule(what: FieldCode | Translated, parameters: MessageParameters = {}): FieldRule {
  const broken: BrokenRule =
    typeof what === 'string' ? { code: what, parameters } : { code: 'NOT_VALID', parameters, message: what };
  return { error: fieldMessage(broken, 'en'), params: { rule: broken } };
}

/** The same for `context.addIssue` in a transform: `context.addIssue(ruleIssue('NOT_A_CURSOR'))`. */
export function ruleIssue(
  what: FieldCode | Translated,
  parameters: MessageParameters = {},
): { readonly code: 'custom'; readonly message: string; readonly params: FieldRule['params'] } {
  const { error, params } = rule(what, parameters);
  return { code: 'custom', message: error, params };
}
