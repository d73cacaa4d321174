export type { ProgramIdentity } from './resource.ts';
export { startTelemetry, type Telemetry } from './start-telemetry.ts';
