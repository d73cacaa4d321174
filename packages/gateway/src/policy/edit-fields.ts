import { goOn, type PolicyStep } from '../engine/policy-step.ts';
import type { PlannedFields } from '../routes/policy-plan.ts';

/** The step that changes header fields, from memory. */
export function editFields({ request, answer }: PlannedFields): PolicyStep {
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
