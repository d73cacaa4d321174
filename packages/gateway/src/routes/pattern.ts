import { normalTarget } from '../target/normal-target.ts';
import { adviceFor } from './foreign-forms.ts';

export type PatternSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string };

/** A route's `match`, taken apart. */
export interface Pattern {
  readonly template: string;
  readonly segments: readonly PatternSegment[];
  /** Whether it ends in a slash, and so covers everything below. */
  readonly subtree: boolean;
  readonly parameterNames: readonly string[];
}

/**
 * Reads a pattern.
 *
 * @throws SyntaxError saying what is wrong with it
 */
export function parsePattern(template: string): Pattern {
  const subtree = template.endsWith('/');
  const inner = template.slice(1, subtree && template.length > 1 ? -1 : undefined);
  const segments = template === '/' ? [] : inner.split('/').map(parseSegment);
  const parameterNames = segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []));
  if (new Set(parameterNames).size < parameterNames.length)
    throw new SyntaxError('has two parameters with the same name');
  return { template, segments, subtree, parameterNames };
}

function parseSegment(text: string): PatternSegment {
  const name = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1];
  if (name === '__proto__') throw new SyntaxError('has a parameter {__proto__}: choose another name');
  if (name !== undefined) return { kind: 'parameter', name };
  if (text === '') throw new SyntaxError('has an empty segment');
  const advice = adviceFor(text);
  // Anything else could only be matched by a target that is refused, or is compared after decoding.
  if (
    advice !== undefined ||
    !/^[A-Za-z0-9._~!$&'()*+,;=:@-]+$/.test(text) ||
    normalTarget(`/${text}`).kind === 'refused'
  ) {
    const problem = `has a segment "${text}" that is neither a plain word nor a single "{parameter}"`;
    throw new SyntaxError(advice === undefined ? problem : `${problem}: ${advice}`);
  }
  return { kind: 'literal', text };
}
