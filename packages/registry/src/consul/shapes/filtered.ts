import { Refusal } from '../base/refusal.ts';
import { compileFilter } from '../filter/compile-filter.ts';
import { FilterError } from '../filter/expression.ts';
import type { Fields } from '../filter/fields.ts';

/**
 * What passes the filter of a query.
 *
 * @param filter default: everything passes
 * @throws {Refusal} 400 if the filter cannot be used
 */
export function filtered<T>(shown: readonly T[], filter: string | undefined, fields: Fields): readonly T[] {
  if (filter === undefined) return shown;
  try {
    return shown.filter(compileFilter(filter, fields));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new Refusal(400, `Failed to create boolean expression evaluator: ${error.message}`);
  }
}
