const knownMethods: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'],
]);

/** A method as metrics and names of spans may have it; undefined: clients could invent as many as they like. */
export function shownMethod(method: string): string | undefined {
  return knownMethods.has(method) ? method : undefined;
}
