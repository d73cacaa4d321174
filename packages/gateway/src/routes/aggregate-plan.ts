import { type ErrorKind, kindOf } from '@flotilla/contracts';
import { isBadValue, misfitOf } from '../config/fitting-error.ts';
import { type AggregateRouteConfig, type PartConfig, routeDefaults } from '../config/gateway-config.ts';
import type { Route } from '../config/route.ts';
import type { RouteTimeouts } from '../config/timeouts.ts';
import { parseTargetTemplate, type TargetTemplate } from '../target/target-template.ts';
import type { Pattern } from './pattern.ts';

/** A parameter of an aggregate, with nothing left to default. */
export interface PlannedParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'id' | 'text';
  readonly error: ErrorKind;
}

/** One call of an aggregate, with nothing left to default. */
export interface PlannedPart {
  readonly name: string;
  readonly service: string;
  readonly target: TargetTemplate;
  readonly required: boolean;
  readonly errors: ReadonlyMap<number, ErrorKind>;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** An aggregate route, checked and ready to be carried out. */
export interface AggregatePlan extends Route {
  readonly kind: 'aggregate';
  readonly parameters: readonly PlannedParameter[];
  readonly parts: readonly PlannedPart[];
  readonly deadlineMs: number;
  readonly timeouts: RouteTimeouts;
}

/** Makes the plan of an aggregate; what is wrong with it goes to `report`, and the plan is then not to be used. */
export function planAggregate(
  config: AggregateRouteConfig,
  pattern: Pattern,
  timeouts: RouteTimeouts,
  report: (problem: string) => void,
): AggregatePlan {
  const deadlineMs = config.deadlineMs ?? routeDefaults.deadlineMs;
  if (pattern.subtree) report('match of an aggregate must not end in "/"');
  const parameters = Object.entries(config.parameters).map(([name, parameter]): PlannedParameter => {
    const inPath = pattern.parameterNames.includes(name);
    if (parameter.in === 'path' && !inPath) report(`parameters.${name} is not in the match`);
    if (parameter.in === 'query' && inPath) report(`parameters.${name} is in the match: write in: 'path'`);
    const misfit = parameter.error && misfitOf(parameter.error, isBadValue, 'an error with status 400, 404 or 422');
    if (misfit !== undefined) report(`parameters.${name}.error: ${misfit}`);
    return { name, in: parameter.in, type: parameter.type, error: kindOf(parameter.error ?? 'INVALID_REQUEST') };
  });
  for (const name of pattern.parameterNames) {
    if (!has(config.parameters, name)) report(`parameters.${name} is missing: the match has {${name}}`);
  }
  const used = new Set<string>();
  const parts: PlannedPart[] = [];
  for (const [name, part] of Object.entries(config.parts)) {
    if (name === 'missing') report('parts.missing: this name is reserved for the list of missing parts');
    try {
      const target = parseTargetTemplate(part.target);
      for (const parameter of target.parameterNames) {
        used.add(parameter);
        if (has(config.parameters, parameter)) continue;
        report(`parts.${name}.target uses {${parameter}}, which is not a parameter`);
      }
      for (const problem of problemsOf(part, deadlineMs)) report(`parts.${name}.${problem}`);
      parts.push({
        name,
        service: part.service,
        target,
        required: part.need === 'required',
        errors: new Map(Object.entries(part.errors ?? {}).map(([status, error]) => [Number(status), kindOf(error)])),
        timeoutMs: Math.min(part.timeoutMs ?? deadlineMs, deadlineMs),
        maxBodyBytes: part.maxBodyBytes ?? routeDefaults.maxPartBytes,
      });
    } catch (error) {
      report(`parts.${name}.target ${messageOf(error)}`);
    }
  }
  if (Object.keys(config.parts).length === 0) report('parts must have at least one part');
  const allRead = parts.length === Object.keys(config.parts).length;
  for (const [name, parameter] of Object.entries(config.parameters)) {
    // One in the path may stand there for the eye; one that clients must send for nothing is a mistake.
    if (parameter.in === 'query' && allRead && !used.has(name)) report(`parameters.${name} is not used by any part`);
  }
  // What a part may take is said by its own limit and by the deadline: the defaults of routes must not undercut them.
  const patient = {
    firstByteMs: Math.max(timeouts.firstByteMs, deadlineMs),
    progressMs: Math.max(timeouts.progressMs, deadlineMs),
  };
  return {
    kind: 'aggregate',
    template: pattern.template,
    services: [...new Set(parts.map(({ service }) => service))],
    parameters,
    parts,
    deadlineMs,
    timeouts: { ...timeouts, ...patient },
  };
}

/** What is wrong with a part beside its target. */
function problemsOf(part: PartConfig, deadlineMs: number): readonly string[] {
  const problems: string[] = [];
  if (part.timeoutMs !== undefined && part.timeoutMs > deadlineMs) {
    problems.push(`timeoutMs: the deadline of ${deadlineMs} ms expires first: change one of them`);
  }
  const errors = Object.entries(part.errors ?? {});
  if (part.need === 'optional' && errors.length > 0) {
    problems.push('errors are never used: an optional part that fails is listed in `missing`');
  }
  for (const [status, code] of errors) {
    const about = status.startsWith('4') ? 'an error with a 4xx status' : 'an error with a 5xx status';
    const misfit = misfitOf(code, (other) => String(other).startsWith(status.slice(0, 1)), about);
    if (misfit !== undefined) problems.push(`errors.${status}: ${misfit}`);
  }
  return problems;
}

/** Whether a record of the configuration has this entry: a plain object has inherited names too, such as `toString`. */
function has(record: object, name: string): boolean {
  return Object.hasOwn(record, name);
}

/** What a SyntaxError of a pattern or a template says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
