/**
 * What people do from the overview: `POST /api/programs/{name}/start`, `/stop` and `/restart`, where the name is that of a program or
 * of one of its processes, and `POST /api/programs/{name}/scale` with a {@link ScaleRequest}. Answered with 202 and an
 * {@link ActionResult}, as soon as the supervisor has taken it; the overview shows what comes of it.
 */
export type ProgramAction = 'start' | 'stop' | 'restart';

/** How many instances of a program are to run. */
export interface ScaleRequest {
  readonly instances: number;
}

/** The processes that an action is about. */
export interface ActionResult {
  readonly names: readonly string[];
}
