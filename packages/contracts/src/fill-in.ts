/** Values for the `{…}` places of a message. */
export type MessageParameters = Readonly<Record<string, string | number>>;

/** The names of the `{…}` places of `Text`; any name when the text is not known to the compiler. */
export type PlacesOf<Text extends string> = string extends Text
  ? string
  : Text extends `${string}{${infer Name}}${infer Rest}`
    ? Name | PlacesOf<Rest>
    : never;

/** Values for exactly these places; for places that only the program knows, any. */
export type ParametersFor<Place extends string> = string extends Place
  ? { readonly parameters?: MessageParameters }
  : [Place] extends [never]
    ? { readonly parameters?: Readonly<Record<string, never>> }
    : { readonly parameters: Readonly<Record<Place, string | number>> };

const place = /\{(\w+)\}/g;

/** The names of the places of a message, each once. */
export function placesOf(template: string): readonly string[] {
  return [...new Set(Array.from(template.matchAll(place), ([, name = '']) => name))];
}

/** A message with its `{name}` places filled in; a place without a value stays as it is. */
export function fillIn(template: string, parameters: MessageParameters): string {
  return template.replace(place, (whole, name: string) =>
    // A place named like a member of every object, `{constructor}`, must not find that.
    Object.hasOwn(parameters, name) ? String(parameters[name]) : whole,
  );
}
