import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import type { CentralTexts } from '@flotilla/contracts/central-config';
import { FakeClock, type RecordingLogger, recordingLogger, waitUntil } from '@flotilla/testing';
import { centralOver } from './central-over.ts';
import type { KeyList, KeySource } from './key-source.ts';

/** Keys in memory, with revisions and waiting questions. */
class FakeKeys implements KeySource {
  readonly keys = new Map<string, { text: string; revision: number }>();
  readonly writes: string[] = [];
  history = 'first';
  questions = 0;
  /** What all questions fail with. */
  failure: Error | undefined;
  refusal: Error | undefined;
  #revision = 0;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();

  put(key: string, text: string): void {
    this.#revision += 1;
    this.keys.set(key, { text, revision: this.#revision });
    this.wake();
  }

  delete(key: string): void {
    this.#revision += 1;
    this.keys.delete(key);
    this.wake();
  }

  wake(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async list(prefix: string, after: string | undefined, signal: AbortSignal): Promise<KeyList | undefined> {
    this.questions += 1;
    while (this.failure === undefined && after === String(this.#revision) && !signal.aborted) {
      const { promise: aborted, resolve } = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => resolve());
      await Promise.race([this.#wake.promise, aborted]);
    }
    if (this.failure !== undefined) throw this.failure;
    const found = [...this.keys].filter(([key]) => key.startsWith(prefix));
    const texts = new Map(found.map(([key, { text }]) => [key.slice(prefix.length), text]));
    return { texts, index: String(this.#revision), history: this.history };
  }

  async read(key: string) {
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    const found = this.keys.get(key);
    return found && { text: found.text, revision: String(found.revision) };
  }

  async write(key: string, text: string, before: { readonly revision: string } | undefined) {
    await Promise.resolve();
    if (this.refusal !== undefined) throw this.refusal;
    if (String(this.keys.get(key)?.revision ?? '') !== (before?.revision ?? '')) return 'conflict' as const;
    this.writes.push(text);
    this.put(key, text);
    return 'written' as const;
  }

  close(): void {}
}

interface Setup extends AsyncDisposable {
  readonly keys: FakeKeys;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly told: CentralTexts[];
  readonly failures: () => number;
  readonly latest: () => string;
  readonly followed: ReturnType<ReturnType<typeof centralOver>['follow']>;
  readonly until: (what: string, condition: () => boolean) => Promise<void>;
}

function setUp(keys = new FakeKeys()): Setup {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const told: CentralTexts[] = [];
  let failures = 0;
  const followed = centralOver({ source: keys, clock, random: () => 1, logger }).follow('user-service', {
    changed: (texts) => void told.push(texts),
    failed: () => void (failures += 1),
  });
  const shown = (texts: ReadonlyMap<string, string> = new Map()): string =>
    [...texts].map(([name, text]) => `${name}=${text}`).join();
  return {
    ...{ keys, clock, logger, told, followed },
    failures: () => failures,
    latest: () => `${shown(told.at(-1)?.own)} | ${shown(told.at(-1)?.shared)}`,
    until: (what, condition) =>
      waitUntil(what, () => {
        const [nextMs] = clock.pendingDelaysMs;
        if (!condition() && nextMs !== undefined) clock.advance(nextMs);
        return condition();
      }),
    [Symbol.asyncDispose]: () => followed.close(),
  };
}

test('tells what is there once both prefixes are known, and each change', async () => {
  const keys = new FakeKeys();
  keys.put('config/user-service/LOG_LEVEL', 'debug');
  keys.put('config/shared/DEFAULT_LOCALE', 'en');
  keys.put('config/user-service-2/LOG_LEVEL', 'of another service');
  await using its = setUp(keys);
  await its.until('known', () => its.told.length === 1);
  assert.equal(its.latest(), 'LOG_LEVEL=debug | DEFAULT_LOCALE=en');
  keys.put('config/user-service/LOG_LEVEL', 'warn');
  await its.until('changed', () => its.latest() === 'LOG_LEVEL=warn | DEFAULT_LOCALE=en');
  keys.delete('config/user-service/LOG_LEVEL');
  await its.until('deleted', () => its.latest() === ' | DEFAULT_LOCALE=en');
});

test('an unrelated change is not told, and does not make it ask in a loop', async () => {
  await using its = setUp();
  await its.until('known', () => its.told.length === 1);
  await its.until('both wait', () => its.clock.pendingDelaysMs.length === 0);
  its.keys.put('config/order-service/LOG_LEVEL', 'debug');
  await its.until('both wait again', () => its.keys.questions >= 6 && its.clock.pendingDelaysMs.length === 0);
  assert.equal(its.told.length, 1);
});

test('a registry that answers at once without news is asked less and less often', async () => {
  await using its = setUp();
  await its.until('known', () => its.told.length === 1);
  const before = its.keys.questions;
  its.keys.list = async () => {
    its.keys.questions += 1;
    await Promise.resolve();
    return { texts: new Map(), index: '0', history: 'first' };
  };
  its.keys.wake();
  its.keys.put('x', 'y');
  const endMs = its.clock.monotonicMs() + 60_000;
  await its.until('a minute has passed', () => its.clock.monotonicMs() >= endMs);
  assert.ok(its.keys.questions - before < 100, `${its.keys.questions - before} questions`);
});

test('after an outage it starts over with everything; the outage is logged once, and its end once', async () => {
  await using its = setUp();
  its.keys.put('config/user-service/LOG_LEVEL', 'debug');
  await its.until('known', () => its.latest() === 'LOG_LEVEL=debug | ');
  its.keys.failure = new AppError('REGISTRY_UNAVAILABLE', { detail: 'nothing listens there' });
  its.keys.wake();
  const endMs = its.clock.monotonicMs() + 60_000;
  await its.until('a minute has passed', () => its.clock.monotonicMs() >= endMs);
  assert.equal(its.latest(), 'LOG_LEVEL=debug | ');
  assert.ok(its.failures() > 1);
  its.keys.put('config/user-service/LOG_LEVEL', 'warn');
  its.keys.failure = undefined;
  await its.until('changed', () => its.latest() === 'LOG_LEVEL=warn | ');
  assert.equal(its.logger.messages('warn').length, 1);
  assert.deepEqual(its.logger.messages('info'), ['reading central config again']);
});

test('a registry that has lost its data takes nothing away; a write there counts again', async () => {
  await using its = setUp();
  its.keys.put('config/user-service/LOG_LEVEL', 'debug');
  await its.until('known', () => its.latest() === 'LOG_LEVEL=debug | ');
  its.keys.keys.clear();
  its.keys.history = 'second';
  its.keys.put('unrelated', '1');
  await its.until('it is said', () => its.logger.messages('warn').length === 1);
  its.keys.put('unrelated', '2');
  await its.until('all wait', () => its.clock.pendingDelaysMs.length === 0);
  assert.equal(its.latest(), 'LOG_LEVEL=debug | ');
  assert.match(its.logger.messages('warn').join(), /lost its keys/);
  its.keys.put('config/user-service/DEFAULT_LOCALE', 'en');
  await its.until('believed', () => its.latest() === 'DEFAULT_LOCALE=en | ');
  its.keys.delete('config/user-service/DEFAULT_LOCALE');
  await its.until('a deletion counts', () => its.latest() === ' | ');
});

test('a schema is written once, only if it is another one, and over whatever is there', async () => {
  await using its = setUp();
  const schema = { settings: {} };
  its.keys.put('config-schema/user-service', 'of an earlier release');
  its.followed.publish(schema);
  await its.until('written', () => its.keys.writes.length === 1);
  await using again = setUp(its.keys);
  again.followed.publish(schema);
  await again.until('known', () => again.told.length === 1);
  assert.deepEqual(its.keys.writes, ['{"settings":{}}']);
});

test('a registry that comes back without its data gets the schema again', async () => {
  await using its = setUp();
  its.followed.publish({ settings: {} });
  await its.until('written', () => its.keys.writes.length === 1);
  its.keys.failure = new AppError('REGISTRY_UNAVAILABLE');
  its.keys.wake();
  await its.until('it is away', () => its.failures() > 0);
  its.keys.keys.clear();
  its.keys.failure = undefined;
  await its.until('written again', () => its.keys.writes.length === 2);
});

test('a refused schema is said once; one that cannot be written for now is tried until it can', async () => {
  await using its = setUp();
  its.keys.refusal = new AppError('FORBIDDEN', { detail: 'this token may not write config-schema/' });
  its.followed.publish({ settings: {} });
  await its.until('said', () => its.logger.messages('warn').length === 1);
  assert.equal(its.logger.lines[0]?.fields['reason'], 'this token may not write config-schema/');
  its.keys.refusal = new AppError('REGISTRY_UNAVAILABLE', { detail: 'it is full' });
  its.followed.publish({ settings: {} });
  const endMs = its.clock.monotonicMs() + 10_000;
  await its.until('some time has passed', () => its.clock.monotonicMs() >= endMs);
  its.keys.refusal = undefined;
  await its.until('written', () => its.keys.writes.length === 1);
});

test('a registry without keys has no central config, which is known at once; it is asked again later', async () => {
  const keys = new FakeKeys();
  const list = keys.list.bind(keys);
  keys.list = () => Promise.resolve(undefined);
  await using its = setUp(keys);
  await waitUntil('known', () => its.told.length === 1);
  assert.equal(its.latest(), ' | ');
  assert.deepEqual(its.logger.lines, []);
  keys.list = list;
  keys.put('config/shared/LOG_LEVEL', 'debug');
  await its.until('updated', () => its.latest() === ' | LOG_LEVEL=debug');
});

test('a registry that refuses holds up nobody: it is said once, and tried again later', async () => {
  const keys = new FakeKeys();
  keys.put('config/shared/LOG_LEVEL', 'debug');
  keys.failure = new AppError('FORBIDDEN', { detail: 'this token may not read config/' });
  await using its = setUp(keys);
  await waitUntil('known', () => its.told.length === 1);
  assert.equal(its.latest(), ' | ');
  const endMs = its.clock.monotonicMs() + 120_000;
  await its.until('two minutes have passed', () => its.clock.monotonicMs() >= endMs);
  assert.deepEqual(
    its.logger.lines.map(({ fields }) => fields['reason']),
    ['this token may not read config/', 'this token may not read config/'],
    'once for each prefix',
  );
  assert.ok(keys.questions <= 12, `${keys.questions} questions`);
  keys.failure = undefined;
  await its.until('allowed', () => its.latest() === ' | LOG_LEVEL=debug');
});
