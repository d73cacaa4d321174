import type { Relocation } from '../config/proxy-route.ts';
import { asItCame } from '../headers/location-fields.ts';
import type { Pattern } from './pattern.ts';

/** What asks whether any route has a path. */
type HasRoute = (path: string) => boolean;

/** One segment of a rewrite: a word, or the value of a parameter. */
type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string };

/**
 * The way back from a service's paths to those of its route. A rewrite can be gone back when it has all parameters of
 * the match, each as a whole segment, and no query. Of any other, and of none, paths stay as they are.
 */
export function compileRelocation(pattern: Pattern, rewrite: string | undefined, hasRoute: HasRoute): Relocation {
  const segments = rewrite === undefined ? undefined : segmentsOf(rewrite);
  if (segments === undefined) return asItCame;
  const known = new Set(segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : [])));
  if (pattern.parameterNames.some((name) => !known.has(name))) return asItCame;
  const own = pattern.segments;
  return {
    publicPath(reference) {
      const [path, tail] = split(reference);
      const values = new Map<string, string>();
      const rest = restAfter(segments, path, pattern.subtree, values);
      if (rest === undefined) return undefined;
      const filled = own.map((segment) =>
        segment.kind === 'literal' ? segment.text : (values.get(segment.name) ?? ''),
      );
      const prefix = filled.map((segment) => `/${segment}`).join('');
      return `${prefix}${rest === '' && prefix === '' ? '/' : rest}${tail}`;
    },
    isPublic: (reference) => hasRoute(split(reference)[0]),
  };
}

function segmentsOf(rewrite: string): readonly Segment[] | undefined {
  if (rewrite.includes('?')) return undefined;
  const segments: Segment[] = [];
  for (const text of rewrite.split('/')) {
    const name = /^\{(\w+)\}$/.exec(text)?.[1];
    if (name === undefined && text.includes('{')) return undefined;
    if (name !== undefined) segments.push({ kind: 'parameter', name });
    else if (text !== '') segments.push({ kind: 'literal', text });
  }
  return segments;
}

/** A reference's path, and its query and fragment. */
function split(reference: string): readonly [path: string, tail: string] {
  const end = reference.search(/[?#]/);
  return end < 0 ? [reference, ''] : [reference.slice(0, end), reference.slice(end)];
}

/** What of `path` comes after `segments`, with its slash; undefined when it does not begin with them. */
function restAfter(
  segments: readonly Segment[],
  path: string,
  subtree: boolean,
  values: Map<string, string>,
): string | undefined {
  // A path that is still to be resolved may lead anywhere.
  if (/\/\.{0,2}\/|\/\.{1,2}$|\\/.test(path)) return undefined;
  let at = 0;
  for (const segment of segments) {
    const end = path.indexOf('/', at + 1);
    const text = path.slice(at + 1, end < 0 ? undefined : end);
    if (text === '' || (segment.kind === 'literal' && segment.text !== text)) return undefined;
    if (segment.kind === 'parameter') values.set(segment.name, text);
    at = end < 0 ? path.length : end;
  }
  const rest = path.slice(at);
  return subtree || rest === '' ? rest : undefined;
}
