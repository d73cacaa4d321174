import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { RealRegistry } from '@flotilla/conformance';
import { systemClock } from '@flotilla/contracts';
import type { ConfigSchema } from '@flotilla/contracts/config-schema';
import { waitUntil } from '@flotilla/testing';
import { dispatch } from '../verbs/dispatch.ts';
import { verbTable } from '../verbs/verb-table.ts';

const registry = new RealRegistry();
const folder = mkdtempSync(join(tmpdir(), 'cli-keys-'));
before(() => registry.start());
after(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  for (const { key } of JSON.parse((await run(['kv', 'list', '--json'])).stdout)) await run(['kv', 'delete', key]);
});

const schema: ConfigSchema = {
  settings: {
    LOG_LEVEL: {
      describe: '',
      expects: 'one of debug, info',
      rule: { kind: 'choice', of: ['debug', 'info'] },
      default: 'info',
      live: true,
    },
    PAGE_SIZE: {
      describe: '',
      expects: 'a number',
      rule: { kind: 'integer', min: 1, max: 9 },
      default: '5',
      live: false,
    },
    SERVER_PORT: {
      describe: '',
      expects: 'a port',
      rule: { kind: 'integer', min: 0, max: 9 },
      live: false,
      local: 'It is different for each instance.',
    },
  },
};

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line; `stop` is called once it may be told to stop. */
async function run(
  words: readonly string[],
  options: { columns?: number; onStop?: (stop: () => void) => void } = {},
): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  const terminal = options.columns === undefined ? {} : { isTTY: true, columns: options.columns };
  const code = await dispatch(words, {
    env: { REGISTRY_URL: registry.url, NO_COLOR: '1' },
    stdout: { write: (text) => (out.stdout += text), ...terminal },
    stderr: { write: (text) => (out.stderr += text) },
    clock: systemClock,
    random: Math.random,
    cwd: folder,
    startedMs: 0,
    version: '0.0.0',
    verbs: verbTable,
    onStopRequest: (stop) => options.onStop?.(() => stop(false)),
  });
  return { code, ...out };
}

const line = (text: string, columns?: number): Promise<Ran> =>
  run(text.split(' '), columns === undefined ? {} : { columns });

async function publish(): Promise<void> {
  assert.equal((await run(['kv', 'put', 'config-schema/ships', JSON.stringify(schema)])).code, 0);
}

describe('flotilla kv', () => {
  test('writes, reads, lists and deletes keys', async () => {
    assert.match((await line('kv put app/colour blue')).stdout, /^Wrote app\/colour \(revision \d+\)\.\n$/);
    assert.equal((await line('kv get app/colour')).stdout, 'blue\n');
    assert.equal(JSON.parse((await line('kv get app/colour --json')).stdout).value, 'blue');
    await run(['kv', 'put', 'app/text', 'two\nlines']);
    assert.equal(
      (await line('kv list app/')).stdout,
      'KEY         VALUE\napp/colour  blue\napp/text    "two\\nlines"\n',
    );
    assert.equal((await line('kv list --keys')).stdout, 'app/colour\napp/text\n');
    assert.equal((await line('kv delete app/colour')).stdout, 'Deleted app/colour.\n');
    assert.equal((await line('kv delete app/ --prefix')).stdout, 'Deleted 1 key.\n');
    assert.match((await line('kv list')).stdout, /^There are no keys at /);
  });

  test('writes bytes from a file, and says of bytes that are no text how many they are', async () => {
    const file = join(folder, 'logo');
    writeFileSync(file, Buffer.from([0xff, 0x00]));
    assert.equal((await run(['kv', 'put', 'logo', '--file', file])).code, 0);
    const got = await line('kv get logo');
    assert.equal(got.code, 1);
    assert.match(got.stdout, /\(not text: 2 B\); use --json/);
    assert.equal(JSON.parse((await line('kv get logo --json')).stdout).value_base64, '/wA=');
  });

  test('writes only over the revision that it was told', async () => {
    assert.equal((await line('kv put lock mine --if-revision 0')).code, 0);
    const late = await line('kv put lock yours --if-revision 0');
    assert.equal(late.code, 1);
    assert.match(late.stderr, /^flotilla: The key lock has the revision \d+/);
  });

  test('says what is wrong and what to do', async () => {
    for (const [text, code, expected] of [
      ['kv', 64, /flotilla kv list config\//],
      ['kv got a', 64, /Unknown command "kv got"\. Choose one of: get, put/],
      ['kv get', 64, /Write: flotilla kv get <key>/],
      ['kv put a', 64, /Give one value/],
      ['kv put a b --file c', 64, /Give one value/],
      ['kv put a --file /nowhere/at/all', 64, /cannot be read \(ENOENT\)/],
      ['kv put a b --if-revision newest', 64, /not a revision/],
      ['kv get app/color', 1, /There is no key app\/color\. To see what there is: flotilla kv list app\//],
      ['kv put app/../other b', 1, /app\/\.\.\/other is not a key\. A key has .* no segment "\." or "\.\."\./],
      ['kv list /app', 1, /The request is not valid: \?prefix must be text .* must not begin with "\/"/],
      ['kv list --registry http://127.0.0.1:1', 69, /Cannot reach the registry at http:\/\/127\.0\.0\.1:1/],
    ] as const) {
      const ran = await line(text);
      assert.equal(ran.code, code, text);
      assert.match(ran.stderr, expected, text);
      assert.equal(ran.stdout, '', text);
    }
    assert.equal(JSON.parse((await line('kv get nothing --json')).stdout).error.code, 'KEY_NOT_FOUND');
    assert.equal((await line('kv get other')).code, 1);
  });

  test('fits the value into the width of the terminal', async () => {
    await run(['kv', 'put', 'config/ships/NAMES', 'a'.repeat(500)]);
    for (const columns of [40, 60, 100])
      for (const row of (await line('kv list', columns)).stdout.split('\n')) assert.ok(row.length <= columns, row);
  });

  test('watch prints each change, and ends when it is told to', async () => {
    await line('kv put app/a 1');
    let stop = (): void => undefined;
    const out = { stdout: '' };
    const ended = dispatch(['kv', 'watch', 'app/'], {
      env: { REGISTRY_URL: registry.url },
      stdout: { write: (text) => (out.stdout += text) },
      stderr: { write: () => true },
      ...{ clock: systemClock, random: Math.random, cwd: folder, startedMs: 0, version: '0', verbs: verbTable },
      onStopRequest: (given) => (stop = () => given(false)),
    });
    await waitUntil('it watches', () => out.stdout.includes('Watching 1 key below app/.'));
    await line('kv put app/a 2');
    await line('kv put other 3');
    await line('kv delete app/a');
    await waitUntil('all is told', () => out.stdout.includes('delete'));
    assert.deepEqual(out.stdout.split('\n').slice(1), ['put     app/a  2', 'delete  app/a', '']);
    stop();
    assert.equal(await ended, 0);
  });
});

describe('flotilla config', () => {
  test('sets, shows and unsets a setting, and says when it takes effect', async () => {
    await publish();
    assert.equal(
      (await line('config set ships LOG_LEVEL debug')).stdout,
      'Set config/ships/LOG_LEVEL.\nRunning instances of ships follow at once.\n',
    );
    assert.match(
      (await line('config set ships PAGE_SIZE=7')).stdout,
      /It takes effect when ships starts next: flotilla restart ships/,
    );
    assert.equal((await line('config get ships LOG_LEVEL')).stdout, 'debug\n');
    await line('config set shared LOG_LEVEL info');
    assert.match((await line('config get ships')).stdout, /config\/shared\/LOG_LEVEL +info \(overridden\)/);
    assert.match((await line('config unset ships LOG_LEVEL')).stdout, /^Removed config\/ships\/LOG_LEVEL\./);
    assert.equal((await line('config get ships LOG_LEVEL')).stdout, 'info\n');
  });

  test('refuses what the service does not take, and what no service takes', async () => {
    await publish();
    for (const [text, expected] of [
      ['config set ships LOG_LEVEL loud', /is not one of debug, info/],
      ['config set ships LOG_LEVL debug', /no setting LOG_LEVL/],
      ['config set ships SERVER_PORT 1', /different for each instance/],
      [
        'config set shared LOG_LEVEL loud',
        /No service can use this\. ships says: The value is not one of debug, info\./,
      ],
      ['config set shared SERVER_PORT 1', /different for each instance/],
      ['config unset ships LOG_LEVL', /config\/ships\/LOG_LEVL is not set\. Did you mean LOG_LEVEL\?/],
      ['config get ships LOG_LEVEL', /neither config\/ships\/LOG_LEVEL nor config\/shared\/LOG_LEVEL/],
    ] as const) {
      const ran = await line(text);
      assert.equal(ran.code, 1, text);
      assert.match(ran.stderr, expected, text);
    }
    assert.match((await line('config set shared SPEED 3')).stdout, /No service that runs, or ran, has a setting SPEED/);
  });

  test('says of a value for all services who uses it, and who only after a restart', async () => {
    await publish();
    assert.equal(
      (await line('config set shared PAGE_SIZE 7')).stdout,
      'Set config/shared/PAGE_SIZE.\nUsed by: ships.\nIt takes effect at the next start of ships.\n',
    );
    assert.equal(
      (await line('config set shared LOG_LEVEL debug')).stdout,
      'Set config/shared/LOG_LEVEL.\nUsed by: ships.\n',
    );
  });

  test('says what is wrong with the command line', async () => {
    for (const [text, expected] of [
      ['config set', /Say for which service, for example: flotilla config set user-service LOG_LEVEL debug/],
      ['config set ships', /Write, for example: flotilla config set/],
      ['config set ships LOG_LEVEL', /Write: flotilla config set/],
      ['config set ships log-level debug', /Settings are written in capitals: LOG_LEVEL/],
      ['config set ships LOG_LEVEL=', /An empty value counts as unset/],
      ['config set LOG_LEVEL=debug', /Say for which service/],
    ] as const) {
      const ran = await line(text);
      assert.equal(ran.code, 64, text);
      assert.match(ran.stderr, expected, text);
    }
  });

  test('explains which value counts, and whether it fits', async () => {
    await line('kv put config/ships/PAGE_SIZE 70');
    await line('kv put config/ships/LOG_LEVEL debug');
    await publish();
    const ran = await line('config explain ships');
    assert.equal(ran.code, 1);
    assert.match(ran.stdout, /LOG_LEVEL = debug {2}\(central\)\n {4}config\/ships\/LOG_LEVEL = debug\n/);
    assert.match(
      ran.stdout,
      /PAGE_SIZE = 5 {2}\(default\)\n {4}config\/ships\/PAGE_SIZE = 70 {2}\(does not fit\)\n {4}.*is ignored: The value is not/,
    );
    assert.match(ran.stdout, /says nothing about the other 1 setting/);
    const json = JSON.parse((await line('config explain ships --json')).stdout);
    assert.deepEqual(
      json.settings.map(({ setting, from }: { setting: string; from: string }) => `${setting} ${from}`),
      ['LOG_LEVEL central', 'PAGE_SIZE default'],
    );
    assert.match(
      (await line('config explain ships SERVER_PORT')).stdout,
      /It cannot come from central config\. It is different/,
    );
    assert.match((await line('config explain ships LOG_LEVL')).stderr, /Did you mean LOG_LEVEL\?/);
    assert.match((await line('config explain boats')).stderr, /boats has not said which settings it has/);
  });
});
