/** The beginning of the names under which we say, in the metadata of other registries, what they have no field for. */
const ownPrefix = 'flotilla-';

/** The names of our own metadata in other registries. */
export const ownMetadata: Readonly<Record<'owner' | 'weight' | 'tags', string>> = {
  /** The token of the process that registered. */
  owner: `${ownPrefix}owner`,
  /** The weight, where the registry has none or takes no 0. */
  weight: `${ownPrefix}weight`,
  /** The tags, with spaces between them, where the registry has none. */
  tags: `${ownPrefix}tags`,
};

/** What an instance says about itself, without what only registries are told. */
export function withoutOwn(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !name.startsWith(ownPrefix)));
}

/** A weight that was written as text; undefined if it is none. */
export function weightIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
