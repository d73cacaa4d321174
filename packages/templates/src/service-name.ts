import { type NameReading, readResourceName } from './resource-name.ts';

/** What JavaScript itself calls so: code that gives the name to a type or a value would hide it, and the linter refuses that. */
const ofJavaScript = (
  'aggregate-error array array-buffer async-disposable-stack async-iterator atomics big-int big-int64-array ' +
  'big-uint64-array boolean constructor data-view date disposable-stack error eval-error finalization-registry ' +
  'float16-array float32-array float64-array function global-this has-own-property infinity int16-array int32-array ' +
  'int8-array intl is-prototype-of iterator json map math number object promise property-is-enumerable proxy ' +
  'range-error reference-error reflect reg-exp set shared-array-buffer string suppressed-error symbol syntax-error ' +
  'to-locale-string to-string type-error uint16-array uint32-array uint8-array uint8-clamped-array value-of weak-map ' +
  'weak-ref weak-set'
).split(' ');

/** What the service template calls so for its own purposes; the list of metrics would be at the path of the service's own. */
const ofTemplate = 'database database-definition define main metric open param record record-id record-store'.split(
  ' ',
);

const unusable = new Set([...ofJavaScript, ...ofTemplate]);

/** Reads what somebody calls a new service: a name of a resource for which the code of a service can be written. */
export function readServiceName(text: string): NameReading {
  const reading = readResourceName(text);
  if (!reading.ok || !unusable.has(reading.name.kebab)) return reading;
  const { kebab } = reading.name;
  return {
    ok: false,
    problem: `"${kebab}" cannot be the name of a service: its code needs this word for something else. Add a word, for example "${kebab}-item".`,
  };
}
