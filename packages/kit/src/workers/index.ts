export { listenAlone, loneSeat } from './lone-seat.ts';
export type { WorkerFacts } from './messages.ts';
export { type LoadProgram, runWorkers } from './run-workers.ts';
export type { Listen, ListenAddress, RetireOrder, WorkerSeat } from './worker-seat.ts';
