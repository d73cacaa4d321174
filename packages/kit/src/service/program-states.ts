import type { WorkerSeat } from '../workers/worker-seat.ts';
import type { ProgramContext } from './definitions.ts';

/** How a program hears of the states of its workers, and what this one says of itself. */
export function programStates(seat: WorkerSeat): Pick<ProgramContext, 'describe' | 'gather'> {
  let state: () => unknown = () => null;
  return {
    describe(run) {
      state = run;
      seat.describe(run);
    },
    gather: () => seat.gather(() => state()),
  };
}
