import type { PolicyConfig } from '../config/policy-config.ts';
import { planAsk } from './ask-plan.ts';
import { planFields } from './edit-fields.ts';
import type { PlannedPolicy } from './planned-policy.ts';

/** Makes the plan of a chain; what is wrong with it goes to `report`, and the plan is then not to be used. */
export function planPolicies(
  policies: readonly PolicyConfig[] | undefined,
  report: (problem: string) => void,
): readonly PlannedPolicy[] {
  return (policies ?? []).map((policy, at) => planPolicy(policy, (problem) => report(`policies[${at}].${problem}`)));
}

/** The services that a chain asks. */
export function servicesOfPolicies(policies: readonly PlannedPolicy[]): readonly string[] {
  return policies.flatMap(({ services }) => services);
}

/** A kind of policy has one line here. */
function planPolicy(policy: PolicyConfig, report: (problem: string) => void): PlannedPolicy {
  switch (policy.kind) {
    case 'fields':
      return planFields(policy, report);
    case 'ask':
      return planAsk(policy, report);
    default:
      return policy satisfies never;
  }
}
