import { type ErrorKind, kindOf } from '@flotilla/contracts';
import {
  type AskPolicyConfig,
  askDefaults,
  type FieldEditsConfig,
  type FieldsPolicyConfig,
  type PolicyConfig,
} from '../config/policy-config.ts';
import { type EditDirection, problemOfName, problemOfValue } from '../headers/editable-fields.ts';
import { FieldEdits } from '../headers/field-edits.ts';
import { normalTarget } from '../target/normal-target.ts';
import { misfitOf } from './fitting-error.ts';

/** One policy of a route, checked, with nothing left to default. */
export type PlannedPolicy = PlannedFields | PlannedAsk;

export interface PlannedFields {
  readonly kind: 'fields';
  readonly request: FieldEdits;
  readonly answer: FieldEdits;
}

export interface PlannedAsk {
  readonly kind: 'ask';
  readonly service: string;
  readonly target: string;
  /** Names in lower case, as in what follows. */
  readonly send: ReadonlySet<string>;
  readonly toService: readonly string[];
  readonly toClient: readonly string[];
  readonly errors: ReadonlyMap<number, ErrorKind>;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly letsThrough: boolean;
}

type Report = (problem: string) => void;

/** Makes the plan of a chain; what is wrong with it goes to `report`, and the plan is then not to be used. */
export function planPolicies(policies: readonly PolicyConfig[] | undefined, report: Report): readonly PlannedPolicy[] {
  return (policies ?? []).map((policy, at) => planPolicy(policy, (problem) => report(`policies[${at}].${problem}`)));
}

/** The services that a chain asks. */
export function servicesOfPolicies(policies: readonly PlannedPolicy[]): readonly string[] {
  return policies.flatMap((policy) => (policy.kind === 'ask' ? [policy.service] : []));
}

function planPolicy(policy: PolicyConfig, report: Report): PlannedPolicy {
  switch (policy.kind) {
    case 'fields':
      return planFields(policy, report);
    case 'ask':
      return planAsk(policy, report);
    default:
      return policy satisfies never;
  }
}

function planFields({ request, answer }: FieldsPolicyConfig, report: Report): PlannedFields {
  const plan: PlannedFields = {
    kind: 'fields',
    request: planEdits('request', request, report),
    answer: planEdits('answer', answer, report),
  };
  if (plan.request.empty && plan.answer.empty) report('request or answer must say what to change');
  return plan;
}

function planEdits(direction: EditDirection, config: FieldEditsConfig = {}, report: Report): FieldEdits {
  const edits = new FieldEdits(direction);
  const good = (place: string, name: string, value: string | undefined): boolean => {
    const problem = problemOfName(direction, name) ?? (value === undefined ? undefined : problemOfValue(name, value));
    if (problem !== undefined) report(`${direction}.${place}: ${JSON.stringify(name)} ${problem}`);
    return problem === undefined;
  };
  for (const name of config.remove ?? []) if (good('remove', name, undefined)) edits.remove(name);
  for (const [name, value] of Object.entries(config.set ?? {})) if (good('set', name, value)) edits.set(name, value);
  for (const [name, value] of Object.entries(config.add ?? {})) if (good('add', name, value)) edits.add(name, value);
  const once = new Set<string>();
  for (const name of [...(config.remove ?? []), ...Object.keys(config.set ?? {})].map((one) => one.toLowerCase())) {
    if (once.has(name)) report(`${direction} says twice what becomes of "${name}": leave one of them`);
    once.add(name);
  }
  return edits;
}

function planAsk(policy: AskPolicyConfig, report: Report): PlannedAsk {
  const target = normalTarget(policy.target);
  if (target.kind === 'refused') report(`target is not in its normal form (${target.problem})`);
  const check = (place: string, direction: EditDirection, names: readonly string[] = []): readonly string[] => {
    for (const name of names) {
      const problem = problemOfName(direction, name);
      if (problem !== undefined) report(`${place}: ${JSON.stringify(name)} ${problem}`);
    }
    return names.map((name) => name.toLowerCase());
  };
  const send = check('send', 'request', policy.send ?? askDefaults.send);
  for (const name of send) {
    if (aboutBody.test(name)) report(`send: "${name}" is about the request's body or a stored answer: leave it out`);
  }
  const errors = Object.entries(policy.errors ?? {});
  for (const [status, error] of errors) {
    const about = status.startsWith('5') ? 'one about the service: 5xx' : 'one about the request: 4xx';
    const misfit = misfitOf(error, (other) => String(other).startsWith(status.startsWith('5') ? '5' : '4'), about);
    if (misfit !== undefined) report(`errors.${status}: ${misfit}`);
  }
  return {
    kind: 'ask',
    service: policy.service,
    target: policy.target,
    send: new Set(send),
    toService: check('toService', 'request', policy.toService),
    toClient: check('toClient', 'answer', policy.toClient),
    errors: new Map(errors.map(([status, error]) => [Number(status), kindOf(error)])),
    timeoutMs: policy.timeoutMs ?? askDefaults.timeoutMs,
    maxBodyBytes: policy.maxBodyBytes ?? askDefaults.maxBodyBytes,
    letsThrough: (policy.onFailure ?? askDefaults.onFailure) === 'let-through',
  };
}

/** The question has no body, and its answer must be about this client alone. */
const aboutBody = /^(?:content-|if-|(?:range|accept-encoding)$)/;
