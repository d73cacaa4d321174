import { nearestName } from '@flotilla/kit/sources';
import type { Program } from './fleet.ts';
import { type Problem, pathTo } from './option-reader.ts';

/** What is wrong with what programs wait for: names that nobody has, and circles, in which nobody would ever start. */
export function checkOrder(programs: readonly Program[]): readonly Problem[] {
  const problems: Problem[] = [];
  const byName = new Map(programs.map((program) => [program.name, program]));
  for (const { name, after } of programs) {
    for (const needed of after) {
      const place = `${pathTo('programs', name)}.after`;
      if (needed === name) problems.push(`${place}: "${name}" cannot wait for itself. Remove it.`);
      else if (!byName.has(needed)) {
        const near = nearestName(needed, byName.keys());
        const hint =
          near === undefined ? `Choose one of: ${[...byName.keys()].join(', ')}.` : `Did you mean "${near}"?`;
        problems.push(`${place}: unknown program "${needed}". ${hint}`);
      }
    }
  }
  const circle = findCircle(byName);
  if (circle !== undefined) {
    const way = circle.join(' waits for ');
    problems.push(`programs: ${way}, so none of them would ever start. Remove one of them from "after".`);
  }
  return problems;
}

/** The first circle that is found, its first member again at the end. */
function findCircle(byName: ReadonlyMap<string, Program>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    done.add(name);
    for (const needed of byName.get(name)?.after ?? []) {
      // Waiting for oneself has been told already.
      const found = needed === name ? undefined : visit(needed, [...way, name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const name of byName.keys()) {
    const found = visit(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
