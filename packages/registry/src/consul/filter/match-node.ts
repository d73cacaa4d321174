/** Whether one character fits. */
export type Fits = (character: string) => boolean;

/** What an expression asks for at one place. */
export type MatchNode =
  | { readonly kind: 'character'; readonly fits: Fits }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly MatchNode[] }
  | { readonly kind: 'repeat'; readonly inner: MatchNode; readonly min: number; readonly max: number };
