import {
  type BrokenRule,
  brokenRule,
  type FieldParameters,
  fieldMessage,
  type KnownFieldError,
} from './field-problem.ts';

/** A rule in the shape that zod's `refine` takes: the English text, and what is needed to say it in other languages. */
export interface FieldRule {
  readonly error: string;
  readonly params: { readonly rule: BrokenRule };
}

/**
 * What a schema's own check says when it fails: `z.string().refine(isTag, rule('NOT_A_TAG'))`. A rule that only one
 * service has is defined in its contract: `rule(cartFieldErrors.NOT_IN_STOCK)`.
 */
export function rule<const What extends KnownFieldError>(what: What, ...parameters: FieldParameters<What>): FieldRule {
  const broken = brokenRule(what, ...parameters);
  return { error: fieldMessage(broken, 'en'), params: { rule: broken } };
}

/** The same for `context.addIssue` in a transform: `context.addIssue(ruleIssue('NOT_A_CURSOR'))`. */
export function ruleIssue<const What extends KnownFieldError>(
  what: What,
  ...parameters: FieldParameters<What>
): { readonly code: 'custom'; readonly message: string; readonly params: FieldRule['params'] } {
  const { error, params } = rule(what, ...parameters);
  return { code: 'custom', message: error, params };
}
