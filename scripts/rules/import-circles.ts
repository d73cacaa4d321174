import type { Import } from './imports.ts';

/**
 * Files that import each other in a circle, also by types alone: such files can only be understood, moved and tested
 * together.
 *
 * @param imports what each file imports, by its path from the root
 * @returns the files of each circle (of all circles through a file, the smallest set that holds them), sorted
 */
export function importCircles(imports: ReadonlyMap<string, readonly Import[]>): readonly (readonly string[])[] {
  return stronglyConnected(imports).filter((files) => files.length > 1);
}

/** Tarjan's algorithm: files that can all be reached from each other belong together. */
function stronglyConnected(imports: ReadonlyMap<string, readonly Import[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    lowest.set(file, index);
    open.push(file);
    for (const { target: next } of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      if (!order.has(next)) lower(file, visit(next));
      else if (open.includes(next)) lower(file, order.get(next) ?? index);
    }
    if (lowest.get(file) === index) found.push(open.splice(open.indexOf(file)).sort());
    return lowest.get(file) ?? index;
  };
  const lower = (file: string, to: number): void => {
    lowest.set(file, Math.min(lowest.get(file) ?? to, to));
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}
