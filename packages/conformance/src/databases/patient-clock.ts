import { type Clock, systemClock } from '@flotilla/contracts';

/** Waits as short as this are pauses before something is tried again; longer ones are limits. */
const pauseMs = 500;
const patience = 20;

/**
 * The real time, in which limits are twenty times as long: on a busy machine, a test must not fail because somebody has waited a
 * second for a connection. Tests of the limits themselves use another clock.
 */
export const patientClock: Clock = {
  ...systemClock,
  after: (delayMs, run) => systemClock.after(delayMs < pauseMs ? delayMs : delayMs * patience, run),
};
