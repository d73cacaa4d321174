import type { ErrorCode } from '@flotilla/contracts';
import { type AggregateRouteConfig, routeDefaults } from '../config/gateway-config.ts';
import type { RouteTimeouts } from '../config/timeouts.ts';
import { parseTargetTemplate, type TargetTemplate } from '../target/target-template.ts';
import type { Pattern } from './pattern.ts';

/** A parameter of an aggregate, with nothing left to default. */
export interface PlannedParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'id' | 'text';
  readonly error: ErrorCode;
}

/** One call of an aggregate, with nothing left to default. */
export interface PlannedPart {
  readonly name: string;
  readonly service: string;
  readonly target: TargetTemplate;
  readonly required: boolean;
  readonly errors: ReadonlyMap<number, ErrorCode>;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** An aggregate route, checked and ready to be carried out. */
export interface AggregatePlan {
  readonly template: string;
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
    if (parameter.in === 'query' && inPath) report(`parameters.${name} is in the match: say in: 'path'`);
    return { name, in: parameter.in, type: parameter.type, error: parameter.error ?? 'INVALID_REQUEST' };
  });
  for (const name of pattern.parameterNames) {
    if (config.parameters[name] === undefined) report(`parameters.${name} is missing: the match has {${name}}`);
  }
  const parts: PlannedPart[] = [];
  for (const [name, part] of Object.entries(config.parts)) {
    if (name === 'missing') report('parts.missing: this name is taken by the list of missing parts');
    try {
      const target = parseTargetTemplate(part.target);
      for (const used of target.parameterNames) {
        if (config.parameters[used] === undefined) report(`parts.${name}.target uses {${used}}, which is no parameter`);
      }
      parts.push({
        name,
        service: part.service,
        target,
        required: part.need === 'required',
        errors: new Map(Object.entries(part.errors ?? {}).map(([status, code]) => [Number(status), code])),
        timeoutMs: Math.min(part.timeoutMs ?? deadlineMs, deadlineMs),
        maxBodyBytes: part.maxBodyBytes ?? routeDefaults.maxPartBytes,
      });
    } catch (error) {
      report(`parts.${name}.target ${messageOf(error)}`);
    }
  }
  if (Object.keys(config.parts).length === 0) report('parts must name at least one');
  return { template: pattern.template, parameters, parts, deadlineMs, timeouts };
}

/** What a SyntaxError of a pattern or a template says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
