import { posix } from 'node:path';

/**
 * Files that import each other in a circle, also by types alone: such files can only be understood, moved and tested
 * together. oxlint's own rule does not count imports of types.
 *
 * @param sources the text of each file, by its path from the root
 * @returns the files of each circle (of all circles through a file, the smallest set that holds them), sorted
 */
export function importCircles(sources: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const imports = new Map([...sources].map(([path, text]) => [path, importsOf(path, text)]));
  return stronglyConnected(imports).filter((files) => files.length > 1);
}

function importsOf(path: string, text: string): readonly string[] {
  const relative = text.matchAll(/^(?:import|export)\b[^;'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm);
  return Array.from(relative, ([, from, alone]) => posix.join(posix.dirname(path), from ?? alone ?? ''));
}

/** Tarjan's algorithm: files that can all be reached from each other belong together. */
function stronglyConnected(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    lowest.set(file, index);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
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
