import type { FieldEditsConfig, FieldsPolicyConfig } from '../config/policy-config.ts';
import { goOn, type PolicyStep } from '../engine/policy-step.ts';
import { type EditDirection, problemOfName, problemOfValue } from '../headers/editable-fields.ts';
import { FieldEdits } from '../headers/field-edits.ts';
import type { PlannedPolicy } from './planned-policy.ts';

/** Checks a policy that changes header fields, from memory. */
export function planFields(config: FieldsPolicyConfig, report: (problem: string) => void): PlannedPolicy {
  const request = planEdits('request', config.request, report);
  const answer = planEdits('answer', config.answer, report);
  if (changesNothing(config.request) && changesNothing(config.answer)) {
    report('request or answer must say what to change');
  }
  return { services: [], compile: () => editFields(request, answer) };
}

function changesNothing({ remove = [], set = {}, add = {} }: FieldEditsConfig = {}): boolean {
  return remove.length === 0 && Object.keys(set).length === 0 && Object.keys(add).length === 0;
}

function editFields(request: FieldEdits, answer: FieldEdits): PolicyStep {
  const name = 'fields';
  const up: Pick<PolicyStep, 'request'> = request.empty
    ? {}
    : {
        request({ up }) {
          up.addAll(request);
          return goOn;
        },
      };
  return answer.empty ? { name, ...up } : { name, ...up, answer: ({ edits }) => edits.addAll(answer) };
}

function planEdits(
  direction: EditDirection,
  config: FieldEditsConfig = {},
  report: (problem: string) => void,
): FieldEdits {
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
    if (once.has(name)) report(`${direction} changes "${name}" twice: keep one of the changes`);
    once.add(name);
  }
  return edits;
}
