export type { Check, CheckResult } from './check-runner.ts';
export {
  createHealth,
  type Health,
  type HealthOptions,
  type HealthReport,
  type LifeState,
  type OwnAddresses,
  type ProbeLine,
  type ReadinessReport,
} from './health.ts';
