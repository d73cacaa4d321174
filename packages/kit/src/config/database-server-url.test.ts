import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDatabaseUrl } from './database-url.ts';

function read(url: string): unknown {
  const reading = readDatabaseUrl(url, 'sqlite:x.db');
  return reading.ok ? reading.value : `problem: ${reading.problem}`;
}

test('a server is named with its user, password, host, port and database', () => {
  const rest = { tls: 'disable', rootCertFile: undefined };
  const shop = { host: 'db.internal', database: 'shop', user: 'ada', password: 's3cret', ...rest };
  assert.deepEqual(read('postgres://ada:s3cret@db.internal/shop'), { kind: 'postgres', port: 5432, ...shop });
  assert.deepEqual(read('PostgreSQL://ada:s3cret@db.internal:5433/shop'), { kind: 'postgres', port: 5433, ...shop });
  assert.deepEqual(read('mysql://ada:s3cret@db.internal/shop'), { kind: 'mysql', port: 3306, ...shop });
  assert.deepEqual(read('mariadb://ada:s3cret@db.internal:3307/shop'), { kind: 'mysql', port: 3307, ...shop });
  assert.deepEqual(read('postgres://ada@[::1]/sh%20op'), {
    kind: 'postgres',
    host: '::1',
    port: 5432,
    database: 'sh op',
    user: 'ada',
    password: '',
    ...rest,
  });
  assert.deepEqual(read('postgres://a%40b:p%40%2F%3F%23%25%20%C3%BC@%2Frun%2Fpostgresql/shop'), {
    kind: 'postgres',
    host: '/run/postgresql',
    port: 5432,
    database: 'shop',
    user: 'a@b',
    password: 'p@/?#% ü',
    ...rest,
  });
});

test('TLS is asked for with sslmode', () => {
  for (const tls of ['disable', 'require', 'verify-ca', 'verify-full'])
    assert.equal(Reflect.get(Object(read(`mysql://a:b@h/d?sslmode=${tls}`)), 'tls'), tls);
  const verified = read('postgres://a:b@h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem');
  assert.equal(Reflect.get(Object(verified), 'rootCertFile'), '/etc/ca.pem');
  assert.match(String(read('postgres://a:b@h/d?sslmode=prefer')), /prefer may send the password unencrypted/);
  assert.match(String(read('postgres://a:b@h/d?sslmode=on')), /disable, require, verify-ca, verify-full/);
  assert.match(String(read('postgres://a:b@h/d?sslrootcert=x')), /of use only with sslmode=verify-ca/);
});

test('what is wrong with a URL is said without anything that may be secret', () => {
  const wrong = {
    'postgres://ada:hunter2@h': /names no database/,
    'postgres://ada:hunter2@h/': /names no database/,
    'postgres://ada:hunter2@h/a/b': /a slash/,
    'postgres://:hunter2@h/d': /names no user/,
    'postgres://h/d': /names no user/,
    'postgres:///d': /names no host/,
    'postgres://ada:hunter2@h1,h2/d': /several hosts/,
    'postgres://ada:hunter2@h:99999/d': /cannot be read/,
    'postgres://ada:hunter2@h:0/d': /port 0/,
    'postgres://ada:hunter2#x@h/d': /#|cannot be read/,
    'postgres://ada:hunter2/x@h/d': /cannot be read|names/,
    'postgres://ada:hunter2%zz@h/d': /write % as %25/,
    'postgres://ada:p?hunter2=x@h/d': /cannot be read|a parameter/,
    'postgres://ada:hunter2@h/d?schema=public': /the parameter schema; only sslmode and sslrootcert/,
    'postgres://ada:hunter2@h/d?hunter2': /a parameter/,
    'oracle://ada:hunter2@h/d': /oracle:/,
  };
  for (const [url, problem] of Object.entries(wrong)) {
    assert.match(String(read(url)), problem, url);
    assert.doesNotMatch(String(read(url)), /hunter2/, url);
  }
});
