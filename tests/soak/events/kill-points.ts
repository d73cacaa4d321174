/**
 * Loaded before a program, by `--import`: kills it when it comes to a point, as `KILL_AT=point:times:delayMs:afterMs` says: at
 * the point that it has passed so many times since it has run for `afterMs`, or so much later. Nothing that it
 * has begun is finished: SIGKILL leaves no time for that.
 */
import { subscribe } from 'node:diagnostics_channel';

const [point, times, delayMs, afterMs] = (process.env['KILL_AT'] ?? '').split(':');
let left = Number(times);
/** Whether the transaction that is committed next has written an event. */
let hasEvent = false;

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
  if (name !== point || performance.now() < Number(afterMs)) return;
  left -= 1;
  if (left !== 0) return;
  const die = (): boolean => process.kill(process.pid, 'SIGKILL');
  if (delayMs === '0') die();
  else setTimeout(die, Number(delayMs));
}
