export type { OperatorsPage } from '../admin/index.ts';
export { findPortHolder, type PortHolder } from '../host/port-holder.ts';
export { exitCodes, type HostStream, type ProcessHost } from '../host/process-host.ts';
export type {
  ProgramConfig,
  ProgramContext,
  ProgramDefinition,
  ProgramServer,
  ServerDeclaration,
  ServiceContext,
  ServiceDefinition,
} from './definitions.ts';
export { type RunOptions, runProgram } from './run-program.ts';
export { runService } from './run-service.ts';
