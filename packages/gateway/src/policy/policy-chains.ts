import type { CallContext } from '../engine/call-context.ts';
import { noPolicies, type PolicyStep } from '../engine/policy-step.ts';
import type { PlannedPolicy } from '../routes/policy-plan.ts';
import { askService } from './ask-service.ts';
import { editFields } from './edit-fields.ts';

/** The chains of all routes, each compiled once, by their plans. */
export class PolicyChains {
  readonly #context: CallContext;
  readonly #chains = new Map<readonly PlannedPolicy[], readonly PolicyStep[]>();

  constructor(context: CallContext) {
    this.#context = context;
  }

  of(plan: readonly PlannedPolicy[]): readonly PolicyStep[] {
    if (plan.length === 0) return noPolicies;
    let steps = this.#chains.get(plan);
    if (steps === undefined) {
      steps = plan.map((policy) => compile(policy, this.#context));
      this.#chains.set(plan, steps);
    }
    return steps;
  }
}

/** A kind of policy has one line here. */
function compile(policy: PlannedPolicy, context: CallContext): PolicyStep {
  switch (policy.kind) {
    case 'fields':
      return editFields(policy);
    case 'ask':
      return askService(policy, context);
    default:
      return policy satisfies never;
  }
}
