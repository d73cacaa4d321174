import { nearestName } from '@flotilla/kit/sources';
import { Mistake } from './mistake.ts';
import type { Verb } from './verb.ts';

/** The verb of that name. Throws a {@link Mistake} that names the nearest, or all. */
export function findVerb(name: string, verbs: readonly Verb[]): Verb {
  const verb = verbs.find((each) => each.name === name);
  if (verb !== undefined) return verb;
  const names = verbs.map((each) => each.name);
  const meant = nearestName(name, names);
  const hint = meant === undefined ? `Choose one of: ${names.join(', ')}.` : `Did you mean ${meant}?`;
  throw new Mistake(`Unknown command "${name}". ${hint}`);
}
