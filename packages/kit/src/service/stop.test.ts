import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { ActiveRegistration } from '@flotilla/contracts';
import { FakeClock } from '@flotilla/testing';
import { findPortHolder } from '../host/port-holder.ts';
import { silentLogger } from '../logger/index.ts';
import type { ProgramServer } from './definitions.ts';
import { ServerSet } from './server-set.ts';
import { closeProgram, drainProgram, type Running } from './stop.ts';

const never = (): Promise<void> => Promise.withResolvers<void>().promise;
const settings = { host: 'SERVER_HOST', port: 'SERVER_PORT' };

/** A program with these servers, and whatever else is to be taken down. */
function running(
  servers: Readonly<Record<string, { drain: ProgramServer['drain']; close: ProgramServer['close'] }>>,
  rest: Partial<Running> = {},
): { readonly clock: FakeClock; readonly program: Running } {
  const clock = new FakeClock();
  const set = new ServerSet();
  for (const [name, server] of Object.entries(servers)) {
    const listen = (): Promise<never> => Promise.reject(new Error('unused'));
    const serves = name === 'admin' ? 'operators' : 'callers';
    set.add([{ name, server: { listen, ...server }, host: '127.0.0.1', port: 0, settings, serves }]);
  }
  return { clock, program: { clock, logger: silentLogger(), servers: set, drains: [], closes: [], ...rest } };
}

const registrationThat = (deregister: ActiveRegistration['deregister']): ActiveRegistration => ({
  acknowledged: Promise.resolve(),
  report() {},
  handOver() {},
  deregister,
});

const usual = { delayMs: 0, drainTimeoutMs: 10_000, replaced: false, registration: undefined };

describe('a stop', () => {
  it('takes no longer than the limits of its steps, even if every step hangs', async () => {
    let aborted = 0;
    const hang = (signal: AbortSignal): Promise<void> => {
      signal.addEventListener('abort', () => aborted++);
      return never();
    };
    const hanging = { drain: hang, close: never };
    const { clock, program } = running(
      { http: hanging, grpc: hanging, admin: hanging },
      { drains: [never], closes: [never, never] },
    );
    const hurry = new AbortController().signal;
    const drained = drainProgram(program, { ...usual, registration: registrationThat(hang), hurry });
    // Deregister 2 s, long requests 5 s, drain 10.5 s: of both servers at once.
    await clock.advanceAsync(2_000 + 5_000 + 10_500);
    assert.equal(await drained, 4);
    assert.equal(aborted, 3);
    const closed = closeProgram(program);
    // The servers 5 s, the one of operators another 1 s and 5 s, and 5 s for each of two.
    await clock.advanceAsync(5_000 + 1_000 + 5_000 + 10_000);
    assert.equal(await closed, 5);
    assert.deepEqual(clock.pendingDelaysMs, []);
  });

  it('waits before the drain, deregisters meanwhile, and goes on at once if told to hurry', async () => {
    const steps: string[] = [];
    const note = (step: string) => (): Promise<void> => {
      steps.push(step);
      return Promise.resolve();
    };
    const { clock, program } = running({ http: { drain: note('drain'), close: note('close') } });
    const hurry = new AbortController();
    const registration = registrationThat(note('deregister'));
    const start = (): Promise<number> =>
      drainProgram(program, { ...usual, registration, delayMs: 5_000, hurry: hurry.signal });
    const waited = start();
    await clock.advanceAsync(4_999);
    assert.deepEqual(steps, ['deregister']);
    await clock.advanceAsync(1);
    assert.equal(await waited, 0);
    assert.equal(await closeProgram(program), 0);
    assert.deepEqual(steps, ['deregister', 'drain', 'close']);
    const hurried = start();
    await clock.advanceAsync(10);
    hurry.abort();
    assert.equal(await hurried, 0);
    assert.deepEqual(clock.pendingDelaysMs, []);
  });

  it('stays visible to operators until the end, unless others serve in its place', async () => {
    for (const replaced of [false, true]) {
      const steps: string[] = [];
      const server = (name: string) => ({
        drain: async () => void steps.push(`drain ${name}`),
        close: async () => void steps.push(`close ${name}`),
      });
      const closes = [async (): Promise<void> => void steps.push('close the database')];
      const { program } = running({ admin: server('admin'), http: server('http'), grpc: server('grpc') }, { closes });
      const hurry = new AbortController().signal;
      assert.equal(await drainProgram(program, { ...usual, replaced, hurry }), 0);
      const callers = ['drain http', 'drain grpc'];
      const operators = ['drain admin', 'close admin'];
      assert.deepEqual(steps, replaced ? [...operators, ...callers] : callers);
      steps.length = 0;
      assert.equal(await closeProgram(program), 0);
      const rest = ['close http', 'close grpc', ...operators, 'close the database'];
      assert.deepEqual(steps, rest);
    }
  });
});

describe('findPortHolder', () => {
  it('finds the process that listens on a port in /proc', async () => {
    const root = mkdtempSync(join(tmpdir(), 'kit-proc-'));
    try {
      mkdirSync(join(root, 'net'));
      const row = (port: string, state: string, inode: string) =>
        `   0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  0  0 ${inode} 1 0 100 0`;
      const table = ['  sl  local_address', row('1F41', '0A', '111'), row('1F42', '01', '222')].join('\n');
      writeFileSync(join(root, 'net', 'tcp'), table);
      mkdirSync(join(root, '42', 'fd'), { recursive: true });
      writeFileSync(join(root, '42', 'cmdline'), 'node\0main.ts\0');
      symlinkSync('socket:[111]', join(root, '42', 'fd', '3'));
      symlinkSync('socket:[222]', join(root, '42', 'fd', '4'));
      assert.deepEqual(await findPortHolder(8001, root), { pid: 42, command: 'node main.ts' });
      // Connected (01), not listening.
      assert.equal(await findPortHolder(8002, root), undefined);
      assert.equal(await findPortHolder(1, root), undefined);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('finds nobody without /proc', async () => {
    assert.equal(await findPortHolder(8001, '/nowhere'), undefined);
  });
});
