import { AppError } from '@flotilla/contracts';
import type { NormalTarget } from '../target/normal-target.ts';
import { fillTarget, parseTargetTemplate, type TargetTemplate } from '../target/target-template.ts';
import type { Pattern } from './pattern.ts';

/** How a route turns a request's target into the one to ask the service for. */
export type Rewrite =
  | { readonly kind: 'none' }
  | { readonly kind: 'template'; readonly template: TargetTemplate; readonly below: BelowRule };

/** What to append of the path that lies below a subtree route: nothing, or all after so many segments. */
type BelowRule = { readonly kind: 'nothing' } | { readonly kind: 'rest'; readonly segments: number };

/**
 * @throws SyntaxError saying what is wrong with the rewrite
 */
export function compileRewrite(pattern: Pattern, text: string | undefined): Rewrite {
  if (text === undefined) return { kind: 'none' };
  const template = parseTargetTemplate(text);
  for (const name of template.parameterNames) {
    if (!pattern.parameterNames.includes(name)) throw new SyntaxError(`uses {${name}}, which the match does not have`);
  }
  if (!pattern.subtree) return { kind: 'template', template, below: { kind: 'nothing' } };
  if (template.hasQuery) throw new SyntaxError('of a match that ends in "/" must not have a query');
  return { kind: 'template', template, below: { kind: 'rest', segments: pattern.segments.length } };
}

/**
 * The target for the service. The path below a subtree and the query keep their bytes.
 *
 * @throws AppError INVALID_REQUEST when the query has a name that the rewrite sets itself: two values, two readings
 */
export function rewriteTarget(rewrite: Rewrite, target: NormalTarget, parameters: ReadonlyMap<string, string>): string {
  if (rewrite.kind === 'none') return target.rawPath + target.query;
  const { template, below } = rewrite;
  const filled = fillTarget(template, parameters);
  if (template.hasQuery) {
    if (target.query.length <= 1) return filled;
    refuseOwnNames(template, target.query);
    return `${filled}&${target.query.slice(1)}`;
  }
  const rest = below.kind === 'rest' ? restOf(target.rawPath, below.segments) : '';
  if (rest === '') return filled + target.query;
  return (filled.endsWith('/') ? filled : `${filled}/`) + rest + target.query;
}

/** The path after its first `segments` segments, without the slash. Raw and decoded path have the same slashes. */
function restOf(rawPath: string, segments: number): string {
  let at = 0;
  for (let left = segments; left > 0 && at >= 0; left--) at = rawPath.indexOf('/', at + 1);
  return at < 0 ? '' : rawPath.slice(at + 1);
}

function refuseOwnNames(template: TargetTemplate, query: string): void {
  for (const name of new URLSearchParams(query).keys()) {
    if (template.queryNames.includes(name) || template.queryNames.includes(decodeUnicodeEscapes(name))) {
      throw new AppError('INVALID_REQUEST', {
        fields: [{ field: `?${name}`, code: 'GIVEN_BY_PATH' }],
      });
    }
  }
}

/** `%u0061`: to most it stands for itself, but some servers decode it, which no standard asks for. */
function decodeUnicodeEscapes(name: string): string {
  if (!name.includes('%')) return name;
  return name.replace(/%u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
