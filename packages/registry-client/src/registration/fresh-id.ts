/** The longest id a registry takes, and how much of it tells a fresh one from the id it is made of. */
const maxIdLength = 128;
const suffixLength = 8;

/** An id like `id` that nobody else has, as far as `unique` is unique: letters and digits of it are added. */
export function freshId(id: string, unique: string): string {
  const suffix = unique.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, suffixLength);
  return `${id.slice(0, maxIdLength - suffixLength - 1)}-${suffix}`;
}
