import { type Comparison, type Expression, FilterError } from './expression.ts';
import type { Field, Fields } from './fields.ts';
import { compileMatch, type WorkLeft, wholeWork } from './linear-match.ts';
import { parseFilter } from './parse-filter.ts';

/** Says whether something that is to be shown passes. */
export type Filter = (shown: unknown) => boolean;

/** Whether the value at the end of a selector passes. `undefined`: a map has no such key. */
type Test = (value: unknown) => boolean;

/**
 * Makes a filter of a text, for what has these fields. It takes time in proportion to what it looks at, whatever the text says.
 *
 * @throws {FilterError} if the text is none, or selects what is not there; when it is used, if matching takes too long
 */
export function compileFilter(text: string, fields: Fields): Filter {
  return compile(parseFilter(text), fields, { steps: wholeWork });
}

function compile(expression: Expression, fields: Fields, work: WorkLeft): Filter {
  switch (expression.kind) {
    case 'and': {
      const [left, right] = [compile(expression.left, fields, work), compile(expression.right, fields, work)];
      return (shown) => left(shown) && right(shown);
    }
    case 'or': {
      const [left, right] = [compile(expression.left, fields, work), compile(expression.right, fields, work)];
      return (shown) => left(shown) || right(shown);
    }
    case 'not': {
      const inner = compile(expression.inner, fields, work);
      return (shown) => !inner(shown);
    }
    case 'compare':
      return select(expression, expression.selector, { struct: fields }, work);
    default:
      return expression satisfies never;
  }
}

/** Follows the selector into what is shown, and tests what is there. */
function select(comparison: Comparison, path: readonly string[], field: Field, work: WorkLeft): Filter {
  const [name, ...rest] = path;
  if (name === undefined) return testOf(comparison, field, work);
  if (field === 'map' && rest.length === 0) return at(name, testOf(comparison, 'text', work));
  if (typeof field !== 'object') throw notSelectable(comparison);
  if ('mapOf' in field) {
    const inner = select(comparison, rest, { struct: field.mapOf }, work);
    return at(name, (value) => (value === undefined ? absent(comparison) : inner(value)));
  }
  if ('listOf' in field) {
    const inner = select(comparison, path, { struct: field.listOf }, work);
    return (value) => Array.isArray(value) && value.some(inner);
  }
  const next = Object.hasOwn(field.struct, name) ? field.struct[name] : undefined;
  if (next === undefined) throw notSelectable(comparison);
  const inner = select(comparison, rest, next, work);
  return at(name, (value) => inner(value ?? zeroOf(next)));
}

function at(name: string, test: Test): Filter {
  return (value) =>
    test(
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
    );
}

/** What a field that is left out stands for. */
function zeroOf(field: Field): unknown {
  switch (field) {
    case 'text':
      return '';
    case 'number':
      return 0;
    case 'truth':
      return false;
    case 'texts':
      return [];
    case 'map':
      return {};
    default:
      return 'listOf' in field ? [] : {};
  }
}

/** A key that is not there equals nothing, is in nothing, and is empty. */
function absent({ operator, negated }: Comparison): boolean {
  return operator === 'empty' ? !negated : negated;
}

function testOf(comparison: Comparison, field: Field, work: WorkLeft): Test {
  const { negated } = comparison;
  const test = positiveTest(comparison, field, work);
  return (value) => (value === undefined ? absent(comparison) : test(value) !== negated);
}

function positiveTest(comparison: Comparison, field: Field, work: WorkLeft): Test {
  const { operator, value: wanted } = comparison;
  switch (operator) {
    case 'equal':
      return equals(comparison, field);
    case 'empty':
      if (field === 'text') return (value) => value === '';
      if (field === 'texts' || (typeof field === 'object' && 'listOf' in field))
        return (value) => Array.isArray(value) && value.length === 0;
      if (field === 'map' || (typeof field === 'object' && 'mapOf' in field))
        return (value) => keysOf(value).length === 0;
      throw notApplicable(comparison);
    case 'in':
      if (field === 'text') return (value) => String(value).includes(wanted);
      if (field === 'texts') return (value) => Array.isArray(value) && value.includes(wanted);
      if (field === 'map' || (typeof field === 'object' && 'mapOf' in field))
        return (value) => keysOf(value).includes(wanted);
      throw notApplicable(comparison);
    case 'matches': {
      if (field !== 'text') throw notApplicable(comparison);
      const matches = compileMatch(wanted, work);
      return (value) => matches(String(value));
    }
    default:
      return operator satisfies never;
  }
}

function equals(comparison: Comparison, field: Field): Test {
  const { value: wanted } = comparison;
  switch (field) {
    case 'text':
      return (value) => value === wanted;
    case 'number': {
      if (!/^-?\d+$/.test(wanted)) throw new FilterError(`${JSON.stringify(wanted)} is not a number`);
      return (value) => value === Number(wanted);
    }
    case 'truth': {
      const truth = ['true', '1', 't', 'T', 'TRUE', 'True'].includes(wanted);
      if (!truth && !['false', '0', 'f', 'F', 'FALSE', 'False'].includes(wanted))
        throw new FilterError(`${JSON.stringify(wanted)} is neither true nor false`);
      return (value) => value === truth;
    }
    default:
      throw notApplicable(comparison);
  }
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function notSelectable({ selector }: Comparison): FilterError {
  return new FilterError(`Selector ${JSON.stringify(selector.join('.'))} is not valid`);
}

function notApplicable({ selector, operator }: Comparison): FilterError {
  return new FilterError(`Invalid match operator "${operator}" for selector ${JSON.stringify(selector.join('.'))}`);
}
