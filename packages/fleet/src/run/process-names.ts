/** What of a process says how it may be called. */
export interface NamedProcess {
  readonly name: string;
  readonly program: { readonly name: string };
}

/**
 * The processes that go by `name`: all instances of the program, or the one instance. The first is called as its program is, so where it
 * alone is meant it is `order-service-1`.
 */
export function processNames(processes: readonly NamedProcess[], name: string): readonly string[] {
  const first = /^(.+)-1$/.exec(name)?.[1];
  const found =
    [
      processes.filter(({ program }) => program.name === name),
      processes.filter((process) => process.name === name),
      processes.filter((process) => process.name === first),
    ].find((some) => some.length > 0) ?? [];
  return found.map((process) => process.name);
}
