import { AppError } from '@flotilla/contracts';
import { normalTarget, type TargetProblem } from './normal-target.ts';

type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'parameter'; readonly name: string };

/** A path with an optional query in which `{name}` stands for a value: `/orders?user_id={id}`. Made once, filled often. */
export interface TargetTemplate {
  readonly pieces: readonly Piece[];
  /** The parameters it mentions. */
  readonly parameterNames: readonly string[];
  /** Those of them that stand in the path. */
  readonly pathParameterNames: readonly string[];
  /** The query's names, decoded; empty if there is no query. */
  readonly queryNames: readonly string[];
  readonly hasQuery: boolean;
}

/**
 * Reads a template.
 *
 * @throws SyntaxError saying what is wrong with it
 */
export function parseTargetTemplate(text: string): TargetTemplate {
  if (!/^\/[\x21-\x7e]*$/.test(text) || text.includes('#')) {
    throw new SyntaxError('must be a path of printable ASCII characters, beginning with "/", without "#"');
  }
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
    if (found.index > at) pieces.push({ kind: 'text', text: text.slice(at, found.index) });
    pieces.push({ kind: 'parameter', name: found[1] ?? '' });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  if (pieces.some((piece) => piece.kind === 'text' && /[{}]/.test(piece.text))) {
    throw new SyntaxError('has a brace that is not part of a "{name}"');
  }
  const queryAt = text.indexOf('?');
  const pathEnd = queryAt < 0 ? text.length : queryAt;
  checkOwnText(text.slice(0, pathEnd), text.slice(pathEnd));
  return {
    pieces,
    parameterNames: namesIn(text),
    pathParameterNames: namesIn(text.slice(0, pathEnd)),
    queryNames: queryAt < 0 ? [] : [...new URLSearchParams(text.slice(queryAt + 1)).keys()],
    hasQuery: queryAt >= 0,
  };
}

/**
 * The target with the values in place, percent-encoded so that none can change the target's structure.
 *
 * @throws AppError AMBIGUOUS_TARGET when a value makes a path that would be refused had a client sent it: `..`, a slash,
 *   a control character, an encoding of an encoding
 * @throws TypeError when a value is missing: a mistake in the program
 */
export function fillTarget(template: TargetTemplate, values: ReadonlyMap<string, string>): string {
  let target = '';
  for (const piece of template.pieces) {
    target += piece.kind === 'text' ? piece.text : encodeURIComponent(valueOf(piece.name, values));
  }
  if (template.pathParameterNames.length === 0) return target;
  const filled = normalTarget(target);
  if (filled.kind === 'normal') return target;
  throw new AppError('AMBIGUOUS_TARGET', {
    detail: `The value of ${template.pathParameterNames.join(', ')} cannot be part of a path: ${filled.problem}.`,
  });
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

function valueOf(name: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(name);
  if (value === undefined) throw new TypeError(`No value for {${name}}`);
  return value;
}

const rightForm: Readonly<Partial<Record<TargetProblem, string>>> = {
  'dot-segment': 'write the path that results',
  'empty-segment': 'write one "/"',
  backslash: 'write "/"',
  'encoded-separator': 'write "/" where a new segment begins',
  'bad-percent-encoding': 'write a percent sign as "%25"',
  'double-encoding': 'encode once',
};

/** The template's own text is held to what is asked of clients, and to not being a habit from elsewhere. */
function checkOwnText(path: string, query: string): void {
  const foreign = /(?<=\/)(?::\w+|\*+)(?=\/|$)|(?<=[/=])\$\d(?!\d)|\$\{\w+\}/.exec(path + query)?.[0];
  if (foreign !== undefined) {
    const name = /[A-Za-z_]\w*/.exec(foreign)?.[0];
    const advice =
      name === undefined
        ? 'the rest of a path below a match that ends in "/" is appended automatically'
        : `write {${name}}`;
    throw new SyntaxError(`has "${foreign}", which has no meaning here: ${advice}`);
  }
  const filled = normalTarget(path.replaceAll(/\{\w+\}/g, 'x'));
  if (filled.kind === 'refused') {
    const advice = rightForm[filled.problem];
    throw new SyntaxError(`is not in its normal form (${filled.problem})${advice === undefined ? '' : `: ${advice}`}`);
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(query))
    throw new SyntaxError('has a "%" in its query that encodes nothing: write "%25"');
}
