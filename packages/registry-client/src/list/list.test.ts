import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { advanceUntil, type Timed } from '@flotilla/conformance';
import { authorityOf, type Discovery } from '@flotilla/contracts';
import { FakeClock, recordingLogger, waitUntil } from '@flotilla/testing';
import { discoveryFor, registryUrls } from '../registry-for.ts';
import { parseListFile } from './list-file.ts';

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

/** Time stands still while the file is being read, however long the disk takes: a read that began now may take 3 s. */
function timedByReads(clock: FakeClock): Timed {
  return { clock, isIdle: () => !clock.pendingDelaysMs.includes(3_000) };
}

function places(discovery: Discovery, service: string): string {
  return discovery.snapshot(service).endpoints.map(authorityOf).join();
}

test('a static list names each instance; a service that is not in it has none', async () => {
  const url = ' Static:ships=127.0.0.1:9001, boats=box.example:80,ships=[fd00::1]:9001';
  const discovery = discoveryFor(url, { logger: recordingLogger() });
  await discovery.whenKnown('ships', soon());
  assert.equal(places(discovery, 'ships'), '127.0.0.1:9001,[fd00::1]:9001');
  assert.equal((await discovery.whenKnown('boats', soon())).endpoints[0]?.address, 'box.example');
  assert.deepEqual((await discovery.whenKnown('rafts', soon())).endpoints, []);
  assert.equal(discovery.snapshot('rafts').state, 'fresh');
  await discovery.close();
});

test('an instance that is listed twice, in any spelling, counts once', async () => {
  const url = 'static:ships=[::1]:9001,ships=[0:0:0:0:0:0:0:1]:9001,ships=[::1]:9002';
  const discovery = discoveryFor(url, { logger: recordingLogger() });
  const { endpoints } = await discovery.whenKnown('ships', soon());
  assert.deepEqual(
    endpoints.map(({ id }) => id),
    ['[::1]:9001', '[::1]:9002'],
  );
  await discovery.close();
});

test('a mistake in a static list is reported with its place, but never with its content', () => {
  for (const entry of [
    '',
    'ships',
    'ships=',
    '=127.0.0.1:9001',
    'ships=127.0.0.1',
    'ships=127.0.0.1:0',
    'ships=127.0.0.1:70000',
    'ships=::1:9001',
    'ships=[127.0.0.1]:9001',
    'ships=[::1]',
    'ships=0.0.0.0:9001',
    'ships=http://a:1',
    'ships=a:1=b',
    'sh ips=a:1',
  ]) {
    assert.match(
      registryUrls.problemOf(`static:${entry}`) ?? '',
      /^is not service=address:port \(write an IPv6/,
      entry,
    );
    assert.match(registryUrls.problemOf(`static:a=b:1,${entry}`) ?? '', /:port in entry 2 \(write an IPv6/, entry);
  }
});

test('a list in a file contains addresses as text, or with all their details', () => {
  const list = parseListFile(
    Buffer.from(
      `{"ships": ["127.0.0.1:9001", {"address": "::1", "port": 9002, "weight": 0, "zone": "north"}], "boats": []}`,
    ),
  );
  const [first, second] = list.get('ships') ?? [];
  assert.deepEqual([first?.id, first?.weight, second?.id, second?.weight], ['127.0.0.1:9001', 1, '[::1]:9002', 0]);
  assert.equal(second?.zone, 'north');
  assert.deepEqual(list.get('boats'), []);
  const twice = '{"ships": ["[::1]:1", {"address": "0:0::1", "port": 1}, {"address": "a", "port": 1, "id": "x"}]}';
  assert.equal(parseListFile(Buffer.from(twice)).get('ships')?.length, 3);
  for (const wrong of [
    '',
    '{',
    '[]',
    '{"ships": {}}',
    '{"ships": ["::1:9001"]}',
    '{"ships": [{"address": "a", "port": 0}]}',
    '{"ships": [{"address": "a", "port": 1, "wieght": 2}]}',
    '{"sh ips": []}',
    '{"ships": [{"address": "a", "port": 1, "id": "x"}, {"address": "a", "port": 2, "id": "x"}]}',
  ])
    assert.throws(() => parseListFile(Buffer.from(wrong)), /^Error: it (?:cannot be read as JSON|is not a)/, wrong);
});

test('a file that is missing at first, half written, or replaced through a link loses no instance', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-list-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'fleet.json');
  const clock = new FakeClock();
  const logger = recordingLogger();
  const discovery = discoveryFor(`file:${path}`, { clock, logger, random: () => 0.5 });
  const timed = timedByReads(clock);
  const state = (): string => discovery.snapshot('ships').state;
  discovery.snapshot('ships');
  await advanceUntil('it is told', timed, () => logger.messages('warn').length > 0);
  const untilMs = clock.monotonicMs() + 5_000;
  await advanceUntil('it has been looked for a while longer', timed, () => clock.monotonicMs() > untilMs);
  assert.equal(state(), 'unknown');
  assert.equal(logger.messages('warn').length, 1);
  await writeFile(join(folder, 'one.json'), '{"ships": ["127.0.0.1:9001"]}');
  await symlink('one.json', path);
  await advanceUntil('found', timed, () => state() === 'fresh');
  assert.equal(places(discovery, 'ships'), '127.0.0.1:9001');

  await writeFile(path, '');
  await advanceUntil('an empty file is not an empty list', timed, () => state() === 'stale');
  assert.equal(places(discovery, 'ships'), '127.0.0.1:9001');

  await writeFile(join(folder, 'two.json'), '{"ships": ["127.0.0.1:9001", "127.0.0.1:9002"]}');
  await rm(path);
  await symlink('two.json', path);
  await advanceUntil('the other list', timed, () => state() === 'fresh');
  assert.equal(places(discovery, 'ships'), '127.0.0.1:9001,127.0.0.1:9002');
  await discovery.close();
  await waitUntil('no timer is left', () => clock.pendingDelaysMs.length === 0);
});

test('a file that hangs, as on a lost network drive, is reported and holds one thread; its last content stays in use', {
  skip: process.platform === 'win32',
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-list-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'fleet.json');
  // Whoever opens a pipe waits for somebody at its other end.
  const hang = (): Buffer => execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
  const release = (): Promise<void> => writeFile(path, '');
  hang();
  const clock = new FakeClock();
  const logger = recordingLogger();
  const discovery = discoveryFor(`file:${path}`, { clock, logger, random: () => 0.5 });
  const timed = timedByReads(clock);
  // A read that hangs ends by its time limit alone.
  const hanging = { clock, isIdle: () => true };
  // More than there are threads.
  const services = ['ships', 'boats', 'rafts', 'kayaks', 'canoes'];
  const state = (): string => discovery.snapshot('ships').state;
  for (const service of services) discovery.snapshot(service);
  await advanceUntil('it was waited for', hanging, () => clock.monotonicMs() > 20_000);
  assert.deepEqual([state(), logger.messages('warn').length], ['unknown', services.length]);
  await release();
  await rm(path);
  await writeFile(path, '{"ships": ["127.0.0.1:9001"]}');
  await advanceUntil('found', timed, () => state() === 'fresh');
  await waitUntil('no read is in progress', timed.isIdle);
  await rm(path);
  hang();
  await advanceUntil('away', hanging, () => state() === 'stale');
  assert.equal(places(discovery, 'ships'), '127.0.0.1:9001');
  await advanceUntil('it is waited for again', hanging, () => clock.pendingDelaysMs.includes(3_000));
  await discovery.close();
  await release();
});
