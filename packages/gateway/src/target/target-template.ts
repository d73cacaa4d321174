type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'parameter'; readonly name: string };

/** A path with an optional query in which `{name}` stands for a value: `/orders?user_id={id}`. Made once, filled often. */
export interface TargetTemplate {
  readonly pieces: readonly Piece[];
  /** The parameters it mentions. */
  readonly parameterNames: readonly string[];
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
    throw new SyntaxError('has a brace that does not belong to a "{name}"');
  }
  const queryAt = text.indexOf('?');
  return {
    pieces,
    parameterNames: pieces.flatMap((piece) => (piece.kind === 'parameter' ? [piece.name] : [])),
    queryNames: queryAt < 0 ? [] : [...new URLSearchParams(text.slice(queryAt + 1)).keys()],
    hasQuery: queryAt >= 0,
  };
}

/** The target with the values in place, percent-encoded so that none can change the target's structure. */
export function fillTarget(template: TargetTemplate, values: ReadonlyMap<string, string>): string {
  let target = '';
  for (const piece of template.pieces) {
    target += piece.kind === 'text' ? piece.text : encodeURIComponent(values.get(piece.name) ?? '');
  }
  return target;
}
