export { exitCodes, type HostStream, type ProcessHost } from '../host/process-host.ts';
export type {
  ProgramConfig,
  ProgramContext,
  ProgramDefinition,
  ProgramServer,
  ServiceContext,
  ServiceDefinition,
} from './definitions.ts';
export { findPortHolder, type PortHolder } from './port-holder.ts';
export { type RunOptions, runProgram } from './run-program.ts';
export { runService } from './run-service.ts';
