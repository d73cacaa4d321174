import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FakeHost, fakeHost } from '@flotilla/conformance';
import type { ActiveRegistration, Registrar } from '@flotilla/contracts';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { loneSeat } from '../workers/lone-seat.ts';
import type { RetireOrder, WorkerSeat } from '../workers/worker-seat.ts';
import type { ProgramDefinition, ProgramServer } from './definitions.ts';
import { runProgram } from './run-program.ts';

/** Where a life can be held up. */
type Moment = 'create' | 'warm' | 'listen' | 'check' | 'none' | 'deregister' | 'drain' | 'close';

/** A program that stands still at one moment until it is let go. */
function program(moment: Moment, seat: WorkerSeat = loneSeat) {
  const clock = new FakeClock();
  const steps: string[] = [];
  const gate = Promise.withResolvers<void>();
  const step = async (name: Moment): Promise<void> => {
    steps.push(name);
    if (name === moment) await gate.promise;
  };
  const server: ProgramServer = {
    async listen() {
      await step('listen');
      return { address: '127.0.0.1', port: 8001 };
    },
    drain: () => step('drain'),
    close: () => step('close'),
  };
  const registration: ActiveRegistration = {
    acknowledged: Promise.resolve(),
    report() {},
    handOver: () => void steps.push('hand over'),
    deregister: () => step('deregister'),
  };
  const registrar: Registrar = {
    register() {
      steps.push('register');
      return registration;
    },
  };
  const definition: ProgramDefinition = {
    name: 'program',
    defaultPort: 8001,
    registrar: () => registrar,
    async create({ health, onClose }) {
      await step('create');
      onClose(() => void steps.push('close files'));
      const check = (): void => {
        if (moment === 'warm' || moment === 'check') throw new Error('not yet');
      };
      health.addCheck({ name: 'database', check, cacheMs: 0 });
      return server;
    },
  };
  const fake = fakeHost();
  const ran = runProgram(definition, fake.host, { clock, seat });
  return { clock, steps, gate, fake, ran };
}

const reached: Readonly<Record<Moment, (made: { steps: readonly string[]; fake: FakeHost }) => boolean>> = {
  create: ({ steps }) => steps.includes('create'),
  warm: ({ steps }) => steps.includes('create'),
  listen: ({ steps }) => steps.includes('listen'),
  check: ({ fake }) => fake.state.out.includes('waitingFor'),
  none: ({ steps }) => steps.includes('register'),
  deregister: ({ steps }) => steps.includes('deregister'),
  drain: ({ steps }) => steps.includes('drain'),
  close: ({ steps }) => steps.includes('close'),
};

/** A worker that others serve beside, until it is well. */
function seatBesideOthers(): { readonly seat: WorkerSeat; readonly retire: (order: RetireOrder) => void } {
  let retire: ((order: RetireOrder) => void) | undefined;
  const onRetire = (run: (order: RetireOrder) => void): void => {
    retire = run;
  };
  return { seat: { ...loneSeat, acceptAfterMs: 5_000, onRetire }, retire: (order) => retire?.(order) };
}

/** Moves time on until the program asks to exit. */
async function toTheEnd({ clock, fake }: { clock: FakeClock; fake: FakeHost }): Promise<number | undefined> {
  for (let turns = 0; turns < 200 && fake.state.exits.length === 0; turns += 1) await clock.advanceAsync(100);
  return fake.state.exits[0];
}

describe('a program that is told to stop', () => {
  for (const [moment, after] of [
    ['create', ['create', 'drain', 'close', 'close files']],
    ['listen', ['create', 'listen', 'drain', 'close', 'close files']],
    ['check', ['create', 'listen', 'drain', 'close', 'close files']],
    ['none', ['create', 'listen', 'register', 'deregister', 'drain', 'close', 'close files']],
  ] as const) {
    it(`at the moment "${moment}" closes what it opened, once, and exits with 0`, async () => {
      const made = program(moment);
      await waitUntil(moment, () => reached[moment](made));
      made.fake.emit('SIGTERM');
      made.gate.resolve();
      assert.equal(await toTheEnd(made), 0);
      await made.ran;
      assert.deepEqual(made.steps, after);
      assert.deepEqual(made.fake.state.exits, [0]);
    });
  }

  it('never listens if it was still warming up beside others', async () => {
    const made = program('warm', seatBesideOthers().seat);
    await waitUntil('it is built', () => reached.warm(made));
    await made.clock.advanceAsync(200);
    made.fake.emit('SIGTERM');
    assert.equal(await toTheEnd(made), 0);
    assert.deepEqual(made.steps, ['create', 'drain', 'close', 'close files']);
  });

  it('does not wait long for a hanging start', async () => {
    const made = program('create');
    await waitUntil('it is being built', () => reached.create(made));
    made.fake.emit('SIGINT');
    await made.clock.advanceAsync(1_999);
    assert.deepEqual(made.fake.state.exits, []);
    assert.equal(await toTheEnd(made), 0);
    // It comes to an end after all, and changes nothing any more.
    made.gate.resolve();
    await made.ran;
    assert.doesNotMatch(made.fake.state.out, /"msg":"listening"/);
  });

  it('exits at once if it is told again, whatever the step', async () => {
    for (const moment of ['deregister', 'drain', 'close'] as const) {
      const made = program(moment);
      await waitUntil('it serves', () => reached.none(made));
      made.fake.emit('SIGTERM');
      await waitUntil(moment, () => reached[moment](made));
      await made.clock.advanceAsync(300);
      made.fake.emit('SIGTERM');
      assert.equal(made.fake.state.exits[0], 1, moment);
    }
  });

  it('reports a start that fails meanwhile, and stops as told', async () => {
    const made = program('create');
    await waitUntil('it is being built', () => reached.create(made));
    made.fake.emit('SIGTERM');
    made.gate.reject(new Error('the disk is full'));
    assert.equal(await toTheEnd(made), 0);
    assert.match(made.fake.state.out, /"message":"the disk is full".*a start-up step failed/);
  });
});

describe('a program whose successors have taken over', () => {
  it('hands over its registration, and has its own time to drain, or that of a stop once it is told to stop', async () => {
    const { seat, retire } = seatBesideOthers();
    const made = program('drain', seat);
    await waitUntil('it serves', () => reached.none(made));
    retire({ deregister: false, limitMs: 3_600_000 });
    await waitUntil('it drains', () => reached.drain(made));
    await made.clock.advanceAsync(60_000);
    assert.deepEqual(made.fake.state.exits, []);
    made.fake.emit('SIGTERM');
    // The server here ignores that it is to hurry, so it is left behind at the end of its own time.
    made.gate.resolve();
    assert.equal(await toTheEnd(made), 0);
    assert.deepEqual(made.steps.slice(3), ['hand over', 'drain', 'close', 'close files']);
  });

  it('deregisters if they use another name, and ignores a second takeover', async () => {
    const { seat, retire } = seatBesideOthers();
    const made = program('none', seat);
    await waitUntil('it serves', () => reached.none(made));
    retire({ deregister: true, limitMs: 1_000 });
    retire({ deregister: false, limitMs: 1_000 });
    assert.equal(await toTheEnd(made), 0);
    assert.deepEqual(made.steps.slice(3), ['deregister', 'drain', 'close', 'close files']);
  });
});
