export { askLiveness } from './ask-liveness.ts';
export { HeldSockets } from './held-sockets.ts';
export { configurationExitCode, defaultRestartPolicy, type ProcessEnd } from './process-state.ts';
export { spawnProgram } from './spawn-program.ts';
export { type FleetEvent, Supervisor } from './supervisor.ts';
