import { AppError } from '@flotilla/contracts';
import type { AggregatePlan, PlannedParameter } from '../routes/aggregate-plan.ts';

/**
 * The values of an aggregate's parameters.
 *
 * @param query the request's query as received, with its `?`
 * @throws AppError the parameter's own code when it is missing, given twice or malformed; INVALID_REQUEST naming each
 *   query parameter that the route does not have, so that a misspelt one is noticed
 */
export function readParameters(
  plan: AggregatePlan,
  path: ReadonlyMap<string, string>,
  query: string,
): ReadonlyMap<string, string> {
  const given = new URLSearchParams(query);
  const values = new Map<string, string>();
  for (const parameter of plan.parameters) {
    const found = parameter.in === 'path' ? [path.get(parameter.name) ?? ''] : given.getAll(parameter.name);
    const problem = problemOf(parameter, found);
    if (problem !== undefined) {
      const field = parameter.in === 'path' ? `{${parameter.name}}` : `?${parameter.name}`;
      throw new AppError(parameter.error, { fields: [{ field, message: problem }] });
    }
    values.set(parameter.name, found[0] ?? '');
  }
  const names = new Set(plan.parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name));
  const unknown = [...new Set(given.keys())].filter((name) => !names.has(name));
  if (unknown.length > 0) {
    // Many unknown names say no more than a few.
    const fields = unknown
      .slice(0, 10)
      .map((name) => ({ field: `?${name.slice(0, 100)}`, message: 'is not known here' }));
    throw new AppError('INVALID_REQUEST', { fields });
  }
  return values;
}

function problemOf(parameter: PlannedParameter, found: readonly string[]): string | undefined {
  const [value = ''] = found;
  if (found.length > 1) return 'must be given once';
  if (value === '') return 'must be given';
  if (parameter.type === 'text') return value.length > 200 ? 'must have at most 200 characters' : undefined;
  const id = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : 0;
  return Number.isSafeInteger(id) && id > 0
    ? undefined
    : 'must be a whole number from 1 to 9007199254740991, digits only';
}
