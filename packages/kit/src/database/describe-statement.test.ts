import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeStatement, withoutValues } from './describe-statement.ts';

test('a statement is summed up by its operation and its tables', () => {
  const summaries = [
    ['select "id", "from" from "users" where "id" = $1', 'SELECT users'],
    ['insert into `users` (`name`) values (?) on duplicate key update `name` = ?', 'INSERT users'],
    ['insert into "a" ("x") values (?) on conflict ("x") do update set "x" = ?', 'INSERT a'],
    ['update "orders" set "status" = ? where "id" = ? returning *', 'UPDATE orders'],
    ['delete from public.orders where id in (?, ?)', 'DELETE orders'],
    ['select * from orders o left join "users" as u on u.id = o.user_id', 'SELECT orders users'],
    ['select * from (select 1 from inner_table) t', 'SELECT inner_table'],
    ['WITH old AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM old', 'INSERT a b old'],
    ['select "newest" from "event_feed" where "id" = ? for update', 'SELECT event_feed'],
    ['CREATE TABLE IF NOT EXISTS things (id int)', 'CREATE things'],
    ['BEGIN IMMEDIATE', 'BEGIN'],
    ['COMMIT', 'COMMIT'],
    ["select ' from secrets ' as x", 'SELECT'],
    ['', 'UNKNOWN'],
    ['(((', 'UNKNOWN'],
  ];
  for (const [sql = '', summary] of summaries) assert.equal(describeStatement(sql).summary, summary, sql);
});

test('the text of a statement has none of the values that somebody wrote into it', () => {
  const texts = [
    ["select * from users where name = 'O''Brien' and age > 42.5", 'select * from users where name = ? and age > ?'],
    ['select "a1" from `t2` where x3 = $1 and y = 1e9', 'select "a1" from `t2` where x3 = $1 and y = ?'],
    ['select 1 -- token 123\n from /* secret */ t', 'select ? from t'],
    ["select $body$ secret 'x' $body$", 'select ?'],
    ["select 'cut off sec", 'select ?'],
    ['select x from t limit 10 offset 0x1F', 'select x from t limit ? offset ?'],
    ["select 'C:\\' as a, 'secret' as b", 'select ? as a, ? as b'],
    ["select E'it\\'s secret' as a", 'select ? as a'],
    ["select '-- no comment' as a", 'select ? as a'],
  ];
  for (const [sql = '', text] of texts) assert.equal(withoutValues(sql, 'postgresql'), text, sql);
});

test('of MySQL and MariaDB, what stands in double quotes is a value, too', () => {
  const texts = [
    ['select `a` from `t` where b = "secret ""x"" y"', 'select `a` from `t` where b = ?'],
    ["select 'it\\'s secret' as a, \"C:\\\\\" as b", 'select ? as a, ? as b'],
    ['select "cut off sec', 'select ?'],
  ];
  for (const [sql = '', text] of texts)
    for (const system of ['mysql', 'mariadb']) assert.equal(withoutValues(sql, system), text, sql);
});

test('a statement of any length is summed up at once', () => {
  const long = `insert into "log" values ${'(?, ?), '.repeat(200_000)}`;
  const startedMs = performance.now();
  assert.equal(describeStatement(long).summary, 'INSERT log');
  assert.ok(withoutValues(`${long} '${'x'.repeat(1_000_000)}`, 'sqlite').length < 5_000);
  for (const open of ['$a$', "'", '/*', '"', '(', "E'\\\\", '\\\\'])
    for (const system of ['sqlite', 'mysql']) withoutValues(open.repeat(4_000), system);
  assert.ok(performance.now() - startedMs < 5_000);
});
