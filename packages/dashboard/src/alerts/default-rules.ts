import type { AlertRule } from './rule.ts';
import { breakerOpenRule } from './rules/breaker-open.ts';
import { certificateEndsSoonRule } from './rules/certificate-ends-soon.ts';
import { diskNearlyFullRule } from './rules/disk-nearly-full.ts';
import { errorRateRule } from './rules/error-rate.ts';
import { instanceFlappingRule } from './rules/instance-flapping.ts';
import { instanceUnhealthyRule } from './rules/instance-unhealthy.ts';
import { registryStaleRule } from './rules/registry-stale.ts';
import { slowerThanUsualRule } from './rules/slower-than-usual.ts';

/** The rules that are on by default, for one watch. */
export function defaultRules(): readonly AlertRule[] {
  return [
    errorRateRule,
    slowerThanUsualRule,
    instanceFlappingRule(),
    instanceUnhealthyRule,
    registryStaleRule,
    breakerOpenRule,
    diskNearlyFullRule,
    certificateEndsSoonRule,
  ];
}
