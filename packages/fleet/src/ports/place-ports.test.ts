import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { fleetOf, fourPrograms as programs } from '@flotilla/conformance';
import { commonPorts } from '../config/fleet.ts';
import type { ProcessSpec } from '../plan/plan-fleet.ts';
import { ProgramSettings } from '../plan/program-settings.ts';
import { placePorts } from './place-ports.ts';

function spec(index: number, port: number | 'free', env: Readonly<Record<string, string>> = {}): ProcessSpec {
  const program = programs[index] ?? assert.fail();
  const settings = new ProgramSettings(program, env);
  return { name: program.name, program, port, portIsSet: port !== 'free', further: [], settings, env, after: [] };
}

async function heldPort(): Promise<{ port: number; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

test('a port in use is reported with its program, its holder and the setting to change', async () => {
  await using held = await heldPort();
  const placement = await placePorts([spec(0, 'free'), spec(2, held.port)], Math.random);
  assert.equal(placement.ok, false);
  if (placement.ok) return;
  assert.match(placement.message, new RegExp(`${held.port} for user-service: in use by`));
  if (existsSync('/proc/net/tcp')) assert.match(placement.message, new RegExp(`process ${process.pid} \\(`));
  assert.match(placement.message, new RegExp(`USER_SERVICE__SERVER_PORT=${held.port + 1000}`));
});

test('two programs with the same port are reported before anything starts', async () => {
  await using held = await heldPort();
  const placement = await placePorts([spec(1, held.port), spec(2, held.port)], Math.random);
  assert.match(
    placement.ok ? '' : placement.message,
    /for user-service: another program of the fleet also has this port/,
  );
});

test('free ports differ and are below the range of outgoing connections', async () => {
  const same = (): number => 0.5;
  let calls = 0;
  // The second process is offered the first one's port once more before it gets another.
  const random = (): number => (calls++ < 2 ? same() : 0.25);
  const placement = await placePorts([spec(0, 'free'), spec(2, 'free')], random);
  const ports = placement.ok ? placement.placed.map((placed) => placed.port) : [];
  assert.equal(new Set(ports).size, 2);
  assert.ok(ports.every((port = 0) => port >= 20_000 && port < 32_000));
});

test('an address that this machine does not have is not reported as a port in use', async () => {
  const elsewhere = { SERVER_HOST: '192.0.2.253' };
  const placement = await placePorts([spec(0, 20_011, elsewhere), spec(2, 20_012, elsewhere)], Math.random);
  const message = placement.ok ? '' : placement.message;
  assert.match(message, /no address "192\.0\.2\.253" \(EADDRNOTAVAIL\), the SERVER_HOST of gateway, user-service/);
  assert.match(message, /Set SERVER_HOST to an address of this machine/);
  assert.doesNotMatch(message, /not available\.|Stop the process that uses it|free-ports/);
});

/** A process with a port for operators. */
function withAdmin(index: number, port: number | 'free', env: Readonly<Record<string, string>> = {}): ProcessSpec {
  const [of = assert.fail()] = commonPorts;
  return { ...spec(index, 'free', env), further: [{ of, port, isSet: port !== 'free' }] };
}

test('further ports are checked and chosen like the others, and reported with their settings', async () => {
  await using held = await heldPort();
  const placement = await placePorts([withAdmin(0, held.port), withAdmin(2, held.port)], Math.random);
  const message = placement.ok ? '' : placement.message;
  assert.match(message, new RegExp(`${held.port} for gateway \\(ADMIN_PORT\\): in use by`));
  assert.match(message, /for user-service \(ADMIN_PORT\): another program of the fleet also has this port/);
  assert.match(message, new RegExp(`for example GATEWAY__ADMIN_PORT=${held.port + 1000}\\), or set it to 0 for any`));
  const nowhere = await placePorts([withAdmin(0, 20_021, { ADMIN_HOST: '192.0.2.253' })], Math.random);
  assert.match(
    nowhere.ok ? '' : nowhere.message,
    /, the ADMIN_HOST of gateway.\nSet ADMIN_HOST to an address of this machine/,
  );
  const free = await placePorts([withAdmin(0, 'free'), withAdmin(2, 'free')], Math.random);
  const ports = free.ok ? free.placed.flatMap(({ port, further }) => [port, ...further.map((each) => each.port)]) : [];
  assert.equal(new Set(ports).size, 4);
});

test('the dashboard takes a free port instead of one in use, unless somebody has set that one', async () => {
  await using held = await heldPort();
  const program = fleetOf({ dashboard: { port: held.port } }).programs.at(-1) ?? assert.fail();
  const dashboard: ProcessSpec = { ...spec(0, held.port), name: 'dashboard', program, portIsSet: false };
  const placement = await placePorts([dashboard], Math.random);
  assert.ok(placement.ok && placement.placed[0]?.port !== held.port);
  assert.equal((await placePorts([{ ...dashboard, portIsSet: true }], Math.random)).ok, false);
});
