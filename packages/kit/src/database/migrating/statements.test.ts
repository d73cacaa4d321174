import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortStatement, splitStatements } from './statements.ts';

test('statements end at semicolons, and not at those in texts, names and comments', () => {
  const script = `
    -- first; of two
    INSERT INTO a VALUES ('x;y', "z;", 'it''s;');
    /* not; here */ UPDATE a SET b = 1;;
    -- nothing; more
  `;
  const expected = [
    `-- first; of two\n    INSERT INTO a VALUES ('x;y', "z;", 'it''s;')`,
    '/* not; here */ UPDATE a SET b = 1',
  ];
  assert.deepEqual(splitStatements(script, 'postgres'), expected);
  assert.deepEqual(splitStatements(script, 'mysql'), expected);
  assert.deepEqual(splitStatements(' ; -- x', 'mysql'), []);
});

test('each kind has its own texts: a backslash protects in MySQL, a dollar encloses in PostgreSQL', () => {
  assert.deepEqual(splitStatements(`SELECT 'a\\';b'; SELECT \`c;d\`; SELECT 1 # e;f`, 'mysql'), [
    `SELECT 'a\\';b'`,
    'SELECT `c;d`',
    'SELECT 1 # e;f',
  ]);
  assert.deepEqual(splitStatements(`SELECT 'a\\'; SELECT E'\\';x'`, 'postgres'), [`SELECT 'a\\'`, `SELECT E'\\';x'`]);
  const body = '$x$ BEGIN a; END; $x$';
  assert.deepEqual(splitStatements(`CREATE FUNCTION f() AS ${body}; SELECT $$;$$`, 'postgres'), [
    `CREATE FUNCTION f() AS ${body}`,
    'SELECT $$;$$',
  ]);
  assert.deepEqual(splitStatements('SELECT 1--1; SELECT 2', 'mysql'), ['SELECT 1--1', 'SELECT 2']);
});

test("the body of MySQL's triggers and procedures belongs to the statement that creates them", () => {
  const trigger = `CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN
    IF NEW.x > 1 THEN SET NEW.x = CASE WHEN NEW.y THEN 1 ELSE 2 END; END IF;
    WHILE NEW.x > 9 DO SET NEW.x = 9; END WHILE;
    CASE NEW.x WHEN 1 THEN SET NEW.y = 2; ELSE BEGIN END; END CASE;
  END`;
  assert.deepEqual(splitStatements(`${trigger}; SELECT 1; BEGIN; COMMIT`, 'mysql'), [
    trigger,
    'SELECT 1',
    'BEGIN',
    'COMMIT',
  ]);
  const short = 'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.x = 1';
  assert.deepEqual(splitStatements(`${short}; SELECT 1`, 'mysql'), [short, 'SELECT 1']);
  assert.deepEqual(
    splitStatements('CREATE TABLE a (`begin` INT, x INT CHECK (CASE x WHEN 1 THEN 1 END)); SELECT 1', 'mysql').length,
    2,
  );
});

test('messages show the beginning of a statement on one line', () => {
  assert.equal(shortStatement('-- why\n ALTER TABLE a\n   ADD b INT'), 'ALTER TABLE a ADD b INT');
  assert.equal(shortStatement(`SELECT ${'x'.repeat(200)}`).length, 100);
});
