/**
 * What can be selected of something that is shown, and what it is: a text, a number, a truth value, a list of texts, a map of
 * texts; a struct; a map or a list of structs. Of a list of structs one that fits is enough.
 */
export type Field =
  | 'text'
  | 'number'
  | 'truth'
  | 'texts'
  | 'map'
  | { readonly struct: Fields }
  | { readonly mapOf: Fields }
  | { readonly listOf: Fields };

export interface Fields {
  readonly [name: string]: Field;
}
