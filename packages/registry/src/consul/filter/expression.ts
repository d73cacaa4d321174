/** How a value is compared; each may be negated. */
export type Operator = 'equal' | 'in' | 'empty' | 'matches';

/** One comparison. `in` is written both ways: `x in Tags` and `Tags contains x`. */
export interface Comparison {
  readonly kind: 'compare';
  /** The path to what is compared: `Meta`, `version`. */
  readonly selector: readonly string[];
  readonly operator: Operator;
  readonly negated: boolean;
  /** What it is compared with; empty for `is empty`. */
  readonly value: string;
}

/** A filter, read. */
export type Expression =
  | Comparison
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly inner: Expression };

/** Why a filter cannot be used; the message goes to its sender. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}
