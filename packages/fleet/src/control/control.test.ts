import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import type { ProcessSnapshot } from '../supervise/supervised-process.ts';
import { type ControlClient, ControlFailure } from './control-client.ts';
import type { ControlledFleet } from './control-desk.ts';
import type { LogEvent } from './control-types.ts';
import { findFleets } from './find-fleets.ts';
import { readRecords, recordsFolder } from './fleet-record.ts';
import { LogRing } from './log-ring.ts';
import { type Control, type ControlOptions, openControl } from './open-control.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function projectFolder(name = 'p'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-test-'));
  folders.push(folder);
  const project = path.join(folder, name);
  mkdirSync(project);
  return project;
}

/** A fleet that only keeps what it was told. */
class ToldFleet implements ControlledFleet {
  readonly told: string[] = [];
  readonly specs = ['gateway', 'order-service', 'order-service-2'].map((name, index) => {
    const program = name.startsWith('order') ? 'order-service' : name;
    const role = program === 'gateway' ? 'gateway' : 'service';
    return {
      name,
      port: 8000 + index,
      after: [],
      program: { name: program, role, ...(role === 'gateway' ? { singleBecause: 'there is one' } : {}) },
    };
  });
  snapshot(): readonly ProcessSnapshot[] {
    const state = { kind: 'ready', crashes: 0, sinceMs: 0, url: 'http://127.0.0.1:1' } as const;
    return this.specs.map(({ name, program }) => ({
      name,
      program: program.name,
      state,
      pid: process.pid,
      startedMs: 0,
      restarts: 2,
    }));
  }
  #keep(text: string): boolean {
    this.told.push(text);
    return true;
  }
  start(name: string): boolean {
    return this.#keep(`start ${name}`);
  }
  stop(name: string): boolean {
    return this.#keep(`stop ${name}`);
  }
  restart(name: string): boolean {
    return this.#keep(`restart ${name}`);
  }
  async scale(program: string, instances: number): Promise<boolean> {
    return this.#keep(`scale ${program} ${instances}`);
  }
}

async function open(folder: string, options: Partial<ControlOptions> = {}) {
  const fleet = new ToldFleet();
  const logs = new LogRing();
  const control: Control = await openControl({
    fleet,
    logs,
    clock: systemClock,
    version: '1.2.3',
    pid: process.pid,
    folder,
    startedMs: systemClock.monotonicMs(),
    stopAll: (hurry) => fleet.told.push(`stop all ${hurry}`),
    settingsOf: async (name) => `settings of ${name}`,
    ...options,
  });
  return { fleet, logs, control, [Symbol.dispose]: () => control.close() };
}

async function client(folder: string): Promise<ControlClient> {
  const [found] = await findFleets(folder);
  return found?.kind === 'running' ? found.client : assert.fail(`no fleet runs: ${found?.kind}`);
}

async function all(events: AsyncIterable<LogEvent>): Promise<readonly LogEvent[]> {
  const found: LogEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe('the control socket of a fleet', () => {
  it('is found by its project, reports the state, and carries out commands', async () => {
    const folder = projectFolder();
    using opened = await open(folder);
    const asked = await client(folder);
    const report = await asked.report();
    assert.equal(report.version, '1.2.3');
    assert.deepEqual(
      report.processes.map(({ name, program, state, port, restarts, cpuPercent }) => [
        name,
        program,
        state,
        port,
        restarts,
        cpuPercent,
      ]),
      [
        ['gateway', 'gateway', 'ready', 8000, 2, null],
        ['order-service', 'order-service', 'ready', 8001, 2, null],
        ['order-service-2', 'order-service', 'ready', 8002, 2, null],
      ],
    );
    assert.deepEqual(await asked.act('restart', 'order-service'), ['order-service', 'order-service-2']);
    assert.deepEqual(await asked.act('stop', 'order-service-2'), ['order-service-2']);
    assert.deepEqual(await asked.act('start', 'order-service-1'), ['order-service']);
    await asked.scale('order-service', 3);
    assert.equal(await asked.settings('gateway'), 'settings of gateway');
    await asked.stopAll(true);
    assert.deepEqual(opened.fleet.told, [
      'restart order-service',
      'stop order-service-2',
      'start order-service-1',
      'scale order-service 3',
      'stop all true',
    ]);
    await assert.rejects(asked.act('start', 'gateway'), /The fleet is stopping/);
  });

  it('refuses a wrong request with what would be right', async () => {
    const folder = projectFolder();
    using opened = await open(folder, {
      settingsOf: () => Promise.reject(new Error('it cannot say')),
    });
    const asked = await client(folder);
    const cases: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
      [
        () => asked.act('restart', 'order-servic'),
        /Unknown program "order-servic" in the running fleet\. Did you mean order-service\?/,
      ],
      [() => asked.act('restart', ''), /Choose one of: gateway, order-service, order-service-2/],
      [() => asked.scale('billing', 2), /Unknown program "billing"/],
      [() => asked.scale('order-service', 0), /from 1 to 32\. To stop it: flotilla stop order-service/],
      [() => asked.scale('order-service', 1.5), /whole one/],
      [() => asked.scale('gateway', 2), /gateway runs once on a machine, because there is one/],
      [() => asked.settings('gateway'), /it cannot say/],
      [() => all(asked.logs({ names: ['nobody'], tail: 1, follow: false })), /Unknown program "nobody"/],
    ];
    for (const [wish, expected] of cases) {
      await assert.rejects(
        wish,
        (error) => error instanceof ControlFailure && error.kind === 'refused' && expected.test(error.message),
        String(expected),
      );
    }
    assert.deepEqual(opened.fleet.told, []);
  });

  it('survives requests that our client never sends', async () => {
    const folder = projectFolder();
    using _opened = await open(folder);
    const socketPath = readRecords(folder)[0]?.socket ?? assert.fail();
    const send = (method: string, target: string, body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        request({ socketPath, method, path: target, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end(body);
      });
    for (const target of ['/', '//', '*', 'http://', '/%']) assert.equal(await send('GET', target, ''), 404, target);
    assert.equal(await send('DELETE', '/fleet', ''), 404);
    for (const body of ['', '[', 'null', '[]', '{"name":1}', '{"name":"x".', `{"a":"${'x'.repeat(20_000)}"}`]) {
      assert.equal(await send('POST', '/stop', body), 400, body.slice(0, 20));
    }
    assert.equal(await send('GET', '/logs?tail=-1', ''), 400);
    // One that goes away in the middle of its wish.
    const cut = connect(socketPath);
    cut.write('POST /stop HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{"na');
    cut.end();
    await once(cut.resume(), 'close');
    assert.equal((await (await client(folder)).report()).protocol, 1);
  });

  it('reports why a request failed, and survives', async () => {
    const folder = projectFolder();
    using opened = await open(folder);
    opened.fleet.scale = () => Promise.reject(new Error('no free port found'));
    const asked = await client(folder);
    await assert.rejects(asked.scale('order-service', 3), /no free port found/);
    assert.equal((await asked.report()).protocol, 1);
  });

  it('is only accessible to its user', async () => {
    const folder = projectFolder();
    using _opened = await open(folder);
    const { socket = '' } = readRecords(folder)[0] ?? {};
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    assert.equal(statSync(recordsFolder(folder)).mode & 0o777, 0o700);
  });

  it('uses a socket elsewhere if the path of the project is too long, and removes it', async () => {
    const folder = projectFolder('x'.repeat(100));
    const opened = await open(folder);
    const { socket = '' } = readRecords(folder)[0] ?? {};
    assert.ok(Buffer.byteLength(socket) <= 103);
    assert.equal(statSync(path.dirname(socket)).mode & 0o777, 0o700);
    assert.equal((await (await client(folder)).report()).folder, folder);
    opened.control.close();
    assert.throws(() => statSync(path.dirname(socket)));
    assert.deepEqual(await findFleets(folder), []);
  });

  it('rejects if it cannot write, and leaves nothing behind', {
    skip: process.getuid?.() === 0 && 'root may write anywhere',
  }, async () => {
    const folder = projectFolder();
    chmodSync(folder, 0o500);
    await assert.rejects(open(folder), /EACCES/);
    chmodSync(folder, 0o700);
  });
});

describe('the record of a killed supervisor', () => {
  it('is not a fleet, and is removed', async () => {
    const folder = projectFolder();
    using _opened = await open(folder);
    const stale = path.join(recordsFolder(folder), '99.sock');
    writeFileSync(stale, '');
    const record = { pid: 99, socket: stale, protocol: 1, version: '1', startedAtMs: 0 };
    writeFileSync(path.join(recordsFolder(folder), '99.json'), JSON.stringify(record));
    writeFileSync(path.join(recordsFolder(folder), '98.json'), '{"pid":');
    assert.equal((await findFleets(folder)).length, 1);
    assert.deepEqual(
      readdirSync(recordsFolder(folder)).filter((name) => name.startsWith('99')),
      [],
    );
  });

  it('does not disturb a new supervisor with the same process id', async () => {
    const folder = projectFolder();
    mkdirSync(recordsFolder(folder), { recursive: true });
    writeFileSync(path.join(recordsFolder(folder), `${process.pid}.sock`), '');
    using _opened = await open(folder);
    assert.equal((await findFleets(folder)).length, 1);
  });
});

test('a supervisor of another version and a silent one are distinguished from one that has ended', async () => {
  const folder = projectFolder();
  using opened = await open(folder);
  const [record] = readRecords(folder);
  const file = path.join(recordsFolder(folder), `${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ ...record, protocol: 2 }));
  assert.equal((await findFleets(folder))[0]?.kind, 'foreign');
  opened.control.close();

  const silent = createServer((connection) => {
    // It begins to answer.
    if (begins) connection.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{');
  });
  let begins = false;
  const socket = path.join(recordsFolder(folder), '77.sock');
  await new Promise<void>((resolve) => silent.listen(socket, resolve));
  writeFileSync(path.join(recordsFolder(folder), '77.json'), JSON.stringify({ ...record, pid: 77, socket }));
  assert.equal((await findFleets(folder, { answerLimitMs: 50 }))[0]?.kind, 'silent');
  begins = true;
  assert.equal((await findFleets(folder, { answerLimitMs: 50 }))[0]?.kind, 'silent');
  silent.close();
});

describe('the log of a fleet', () => {
  it('begins with the last lines of the requested processes', async () => {
    const folder = projectFolder();
    using opened = await open(folder);
    const say = (name: string, line: string): void => opened.logs.push({ name, from: 'stdout', atMs: 1, line });
    for (const line of ['1', '2', '3']) for (const name of ['gateway', 'order-service']) say(name, line);
    const asked = await client(folder);
    const lines = (events: readonly LogEvent[]): string[] =>
      events.flatMap((event) => (event.kind === 'line' ? `${event.name} ${event.line}` : []));
    assert.deepEqual(lines(await all(asked.logs({ names: ['order-service'], tail: 2, follow: false }))), [
      'order-service 2',
      'order-service 3',
    ]);
    const followed: LogEvent[] = [];
    for await (const event of asked.logs({ names: [], tail: 1, follow: true })) {
      followed.push(event);
      if (followed.length === 1) say('gateway', '4');
      else opened.control.close();
    }
    assert.deepEqual(lines(followed), ['order-service 3', 'gateway 4'], 'it ends with the fleet');
  });

  it('includes instances that join later', async () => {
    const folder = projectFolder();
    using opened = await open(folder);
    const say = (name: string, line: string): void => opened.logs.push({ name, from: 'stdout', atMs: 1, line });
    say('order-service', '1');
    const asked = await client(folder);
    const told: string[] = [];
    for await (const event of asked.logs({ names: ['order-service'], tail: 1, follow: true })) {
      if (event.kind !== 'line') continue;
      told.push(`${event.name} ${event.line}`);
      if (told.length === 2) break;
      const [first] = opened.fleet.specs.slice(1);
      if (first !== undefined) opened.fleet.specs.push({ ...first, name: 'order-service-3' });
      say('gateway', '2');
      say('order-service-3', '2');
    }
    assert.deepEqual(told, ['order-service 1', 'order-service-3 2']);
  });
});
