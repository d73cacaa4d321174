/**
 * Loaded before a service of a measured fleet: SIGPWR makes the statement fail that its health check runs, until the next
 * one, and no other. So its database is there for requests and `/ready` says 503: what happens then is the fleet's doing.
 */
import { StatementSync } from 'node:sqlite';

const check = 'PRAGMA user_version';

if (/apps\/(user|order)-service\//.test(process.argv[1] ?? '')) {
  let failing = false;
  process.on('SIGPWR', () => (failing = !failing));
  const { get } = StatementSync.prototype;
  StatementSync.prototype.get = function (this: StatementSync, ...parameters: unknown[]) {
    if (failing && this.sourceSQL === check) throw new Error('the bench lets this check fail');
    // What was handed in is handed on.
    return Reflect.apply(get, this, parameters) as ReturnType<typeof get>;
  };
}
