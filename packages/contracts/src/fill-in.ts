/** Values for the `{…}` places of a message. */
export type MessageParameters = Readonly<Record<string, string | number>>;

/** A message with its `{name}` places filled in; a place without a value stays as it is. */
export function fillIn(template: string, parameters: MessageParameters): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) =>
    // A place named like a member of every object, `{constructor}`, must not find that.
    Object.hasOwn(parameters, name) ? String(parameters[name]) : place,
  );
}
