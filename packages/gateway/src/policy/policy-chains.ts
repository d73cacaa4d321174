import type { CallContext } from '../engine/call-context.ts';
import { noPolicies, type PolicyStep } from '../engine/policy-step.ts';
import type { PlannedPolicy } from './planned-policy.ts';

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
      steps = plan.map((policy) => policy.compile(this.#context));
      this.#chains.set(plan, steps);
    }
    return steps;
  }
}
