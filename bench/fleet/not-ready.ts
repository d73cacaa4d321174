/**
 * Loaded before a service of a measured fleet: SIGPWR makes the statement fail that its health check runs, until the next
 * one, and no other. So its database is there for requests and `/ready` says 503: what happens then is the fleet's doing.
 */
import { StatementSync } from 'node:sqlite';

const check = /^select "id" from "(users|orders)" limit \?$/;

if (/apps\/(user|order)-service\//.test(process.argv[1] ?? '')) {
  let failing = false;
  process.on('SIGPWR', () => (failing = !failing));
  const { all } = StatementSync.prototype;
  StatementSync.prototype.all = function (this: StatementSync, ...parameters: unknown[]) {
    if (failing && check.test(this.sourceSQL)) throw new Error('the bench lets this check fail');
    // What was handed in is handed on.
    return Reflect.apply(all, this, parameters) as ReturnType<typeof all>;
  };
}
