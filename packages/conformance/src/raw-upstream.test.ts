import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { answerEach, rawUpstream } from './raw-upstream.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('answers each request and records it, including chunked bodies', async () => {
  await using upstream = await rawUpstream(answerEach(ok));
  const call = request({ port: upstream.port, host: upstream.address, method: 'POST', path: '/a', agent: false });
  call.write('one');
  call.end('two');
  const [response] = await once(call, 'response');
  assert.equal(response.statusCode, 200);
  response.resume();
  const recorded = upstream.connections[0]?.received.toString();
  assert.match(recorded ?? '', /^POST \/a HTTP\/1\.1\r\n/);
  assert.match(recorded ?? '', /3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/);
});

test('sees two pipelined requests, however they are split', async () => {
  const targets: string[] = [];
  await using upstream = await rawUpstream(async (connection) => {
    for (let next = await connection.request(); next !== undefined; next = await connection.request())
      targets.push(next.target);
    connection.end();
  });
  const socket = connect(upstream.port, upstream.address);
  for (const byte of 'GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET /cut')
    socket.write(byte);
  socket.end();
  socket.resume();
  await once(socket, 'close');
  assert.deepEqual(targets, ['/1', '/2']);
});

test('can reset, and a script that fails resets too', async () => {
  await using upstream = await rawUpstream(async (connection, index) => {
    await connection.receive('x');
    if (index === 1) throw new Error('a script that fails');
    connection.reset();
  });
  for (let index = 0; index < 2; index += 1) {
    const socket = connect(upstream.port, upstream.address);
    socket.write('x');
    const [error] = await once(socket, 'error');
    assert.equal(error.code, 'ECONNRESET');
  }
});

test('can half-close and continue to receive', async () => {
  await using upstream = await rawUpstream(async (connection) => {
    connection.end();
    await connection.receive('after');
  });
  const socket = connect({ port: upstream.port, host: upstream.address, allowHalfOpen: true });
  socket.resume();
  await once(socket, 'end');
  socket.end('after');
  await once(socket, 'close');
  assert.equal(await upstream.connections[0]?.closed, 'ended');
  assert.equal(upstream.connections[0]?.received.toString(), 'after');
});

test('refuses connections when told to, and accepts again on the same port', async () => {
  await using upstream = await rawUpstream();
  await upstream.refuse();
  const [error] = await once(connect(upstream.port, upstream.address), 'error');
  assert.equal(error.code, 'ECONNREFUSED');
  await upstream.accept();
  const socket = connect(upstream.port, upstream.address);
  await once(socket, 'connect');
  socket.destroy();
});
