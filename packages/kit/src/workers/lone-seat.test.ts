import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { test } from 'node:test';
import type { ProcessHost } from '../host/process-host.ts';
import { keptSeat, loneSeat } from './lone-seat.ts';

type Handle = { close(): void };

/** A process whose supervisor keeps its sockets. */
function keptHost(order: 'keep' | 'take' | undefined) {
  const listeners: ((value: unknown, handle?: unknown) => void)[] = [];
  const sent: { message: unknown; handle: Handle }[] = [];
  const host: ProcessHost = {
    env: order === undefined ? {} : { FLOTILLA_SOCKETS: order },
    argv: [],
    pid: 1,
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    on: (_event, listener) => listeners.push(listener),
    exit: () => undefined,
    send: (message: unknown, handle?: never) => sent.push({ message, handle: handle as unknown as Handle }),
    connected: true,
  };
  const tell = (value: unknown, handle?: unknown): void => {
    for (const listener of listeners) listener(value, handle);
  };
  return { host, sent, tell };
}

function ask(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', agent: false }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    });
    sent.on('error', reject).end();
  });
}

const answering = (text: string): Server => createServer((_request, response) => response.end(text));
const where = { host: '127.0.0.1', port: 0 };

test('a supervised program hands over its socket, and its successor answers those who connect meanwhile', async () => {
  const first = keptHost('keep');
  const before = answering('before');
  const { port } = await keptSeat(first.host).listen(before, where);
  assert.deepEqual(first.sent[0]?.message, { type: 'socket', key: '127.0.0.1:0' });
  // What a supervisor holds is a copy in another process; here a second server on the same handle stands for it.
  const handle = first.sent[0]?.handle;
  const second = keptHost('take');
  const seat = keptSeat(second.host);
  const after = answering('after');
  const listening = seat.listen(after, where);
  let listens = false;
  void listening.then(() => (listens = true));
  await Promise.resolve();
  assert.equal(listens, false, 'it waits for what it was promised');
  second.tell({ type: 'socket', key: '127.0.0.1:0' }, handle);
  second.tell({ type: 'sockets-complete' });
  assert.equal((await listening).port, port);
  assert.deepEqual(seat.sockets?.(), ['127.0.0.1:0']);
  assert.ok(seat.acceptAfterMs > 0, 'it accepts when it is ready');
  assert.equal(await ask(port), 'after');
  after.close();
  await once(after, 'close');
});

test('a socket that the settings no longer ask for is released', () => {
  const { host, tell } = keptHost('take');
  const seat = keptSeat(host);
  let closed = false;
  tell({ type: 'socket', key: 'elsewhere:1' }, { close: () => (closed = true) });
  seat.listening();
  assert.equal(closed, true);
});

test('a parent that does not keep sockets gets none', () => {
  assert.equal(keptSeat(keptHost(undefined).host), loneSeat);
});
