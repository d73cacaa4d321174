import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRedisUrl, redisLocation } from './redis-url.ts';

const local = {
  host: 'h',
  port: 6379,
  tls: false,
  username: undefined,
  password: undefined,
  database: 0,
  caFile: undefined,
};

for (const [text, expected] of [
  ['redis://h', local],
  ['redis://h/', local],
  ['REDIS://h:7000/3', { ...local, port: 7000, database: 3 }],
  ['rediss://:pw@h:6380/1', { ...local, tls: true, port: 6380, password: 'pw', database: 1 }],
  ['redis://me:p%40s%2Fs%25@h', { ...local, username: 'me', password: 'p@s/s%' }],
  ['redis://[::1]:6379', { ...local, host: '::1' }],
  ['rediss://h?cacert=/etc/ca.pem', { ...local, tls: true, caFile: '/etc/ca.pem' }],
] as const)
  test(`${text} says where Redis is`, () => assert.deepEqual(redisLocation(text), expected));

for (const [text, problem] of [
  ['localhost:6379', /only a host and port/],
  ['http://h', /does not begin with redis:\/\//],
  ['redis:h', /does not begin/],
  ['redis://', /valid host and port/],
  ['redis://h:99999', /valid host and port/],
  ['redis://h:0', /has the port 0/],
  ['redis://:pa/ss:hunter2@h', /valid host and port; write characters such as @/],
  ['redis://:a%zz@h', /not followed by two hex digits/],
  ['redis://h/cache', /not the number of a database/],
  ['redis://h/1/2', /not the number of a database/],
  ['redis://h/-1', /not the number of a database/],
  ['redis://h?db=1', /only \?cacert=<file> is known/],
  ['redis://h#1', /only \?cacert=<file> is known/],
  ['redis://h?cacert=/etc/ca.pem', /needs rediss:\/\//],
  ['rediss://h?cacert=', /names a file/],
] as const)
  test(`${text} is refused, without showing a password`, () => {
    const reading = readRedisUrl(text);
    assert.ok(!reading.ok);
    assert.match(reading.problem, problem);
    assert.doesNotMatch(reading.problem, /hunter2/);
    assert.throws(() => redisLocation(text), /The URL of Redis/);
  });
