/**
 * Loaded before a program, by `--import`: kills it when it comes to a point, as `KILL_AT=point:times:delayMs` says: at the point
 * that it passes so often, or so much later. It counts from SIGUSR2 on or, with `KILL_ARMED=1`, from the start. Nothing that the
 * program has begun is finished: SIGKILL leaves no time for that.
 */
import { subscribe } from 'node:diagnostics_channel';

const [point, times, delayMs] = (process.env['KILL_AT'] ?? '').split(':');
let armed = process.env['KILL_ARMED'] === '1';
let left = Number(times);
/** Whether the transaction that is committed next has written an event. */
let hasEvent = false;

process.on('SIGUSR2', () => {
  armed = true;
});
subscribe('flotilla.events', (name) => {
  if (name === 'event-written') hasEvent = true;
  come(String(name));
});
subscribe('flotilla.database', () => {
  if (!hasEvent) return;
  hasEvent = false;
  come('change-committed');
});

function come(name: string): void {
  if (name !== point || !armed) return;
  left -= 1;
  if (left !== 0) return;
  const die = (): boolean => process.kill(process.pid, 'SIGKILL');
  if (delayMs === '0') die();
  else setTimeout(die, Number(delayMs));
}
