import type { CallContext } from '../engine/call-context.ts';
import type { PolicyStep } from '../engine/policy-step.ts';

/** One policy of a route, checked, with nothing left to default. */
export interface PlannedPolicy {
  /** The services that it asks. */
  readonly services: readonly string[];
  compile(context: CallContext): PolicyStep;
}
