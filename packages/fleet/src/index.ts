export {
  defineFleet,
  type FleetConfig,
  type GatewayProgramConfig,
  type OwnProgramConfig,
} from './config/fleet-config.ts';
export type {
  CommandConfig,
  HealthConfig,
  ProgramConfig,
  ProgramOptions,
  RestartConfig,
  RestartWhen,
  RunConfig,
} from './config/program-config.ts';
