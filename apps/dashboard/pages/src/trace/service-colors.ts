/** How many colours there are for lines and bars. */
const colors = 8;

/** A colour of the styles for each service, in the order in which they appear: the same in all of a trace. */
export function serviceColors(services: Iterable<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const service of services) {
    if (!found.has(service)) found.set(service, `var(--series-${(found.size % colors) + 1})`);
  }
  return found;
}
