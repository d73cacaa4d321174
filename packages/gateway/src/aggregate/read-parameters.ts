import { AppError, type BrokenRule } from '@flotilla/contracts';
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
    const problem =
      problemOf(parameter, found) ?? (parameter.in === 'query' ? mangled(found[0] ?? '', query) : undefined);
    if (problem !== undefined) {
      const field = parameter.in === 'path' ? `{${parameter.name}}` : `?${parameter.name}`;
      throw new AppError(parameter.error, { fields: [{ field, ...problem }] });
    }
    values.set(parameter.name, found[0] ?? '');
  }
  const names = new Set(plan.parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name));
  const unknown = [...new Set(given.keys())].filter((name) => !names.has(name));
  if (unknown.length > 0) {
    // Many unknown names say no more than a few.
    const fields = unknown
      .slice(0, 10)
      .map((name) => ({ field: `?${name.slice(0, 100)}`, code: 'UNKNOWN_FIELD' }) as const);
    throw new AppError('INVALID_REQUEST', { fields });
  }
  return values;
}

/** What is not UTF-8 is decoded to U+FFFD, so that several requests would ask for one value, which none of them has. */
function mangled(value: string, query: string): BrokenRule | undefined {
  return value.includes('\ufffd') && !/%ef%bf%bd/i.test(query) ? { code: 'NOT_PERCENT_ENCODED' } : undefined;
}

const maxTextLength = 200;

function problemOf(parameter: PlannedParameter, found: readonly string[]): BrokenRule | undefined {
  const [value = ''] = found;
  if (found.length > 1) return { code: 'GIVEN_TWICE' };
  if (value === '') return { code: 'REQUIRED' };
  if (parameter.type === 'text')
    return value.length > maxTextLength ? { code: 'TOO_LONG', parameters: { max: maxTextLength } } : undefined;
  const id = /^[1-9]\d{0,15}$/.test(value) ? Number(value) : 0;
  return Number.isSafeInteger(id) && id > 0
    ? undefined
    : { code: 'NOT_DIGITS', parameters: { min: 1, max: Number.MAX_SAFE_INTEGER } };
}
