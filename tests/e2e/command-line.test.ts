// What a person sees who mistypes something, or whose machine is not as expected.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { startUp, temporaryFolder, upArguments } from './support/fleet.ts';
import { type Spawned, spawnCommand } from './support/spawned.ts';

const data = temporaryFolder();
after(() => data.remove());

async function run(spawned: Spawned): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { code } = await spawned.ended;
  return { code, stdout: spawned.stdout(), stderr: spawned.stderr() };
}

const up = upArguments.slice(1);
const cli = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  run(spawnCommand(process.execPath, ['apps/cli/src/main.ts', ...args]));

test('--help and --version answer on stdout with exit code 0', async () => {
  const help = await cli('up', '--help');
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--scale <name>=<number>/);
  const version = await cli('--version');
  assert.match(version.stdout, /^flotilla \d+\.\d+\.\d+ \(Node v\d+/);
});

test('a mistake is reported on stderr with exit code 64, and nothing starts', async () => {
  for (const [args, expected] of [
    [['up', '--scal', 'order-service=2'], /Did you mean --scale\?/],
    [[...up, '--only', 'user-sevice'], /Did you mean user-service\?/],
    [[...up, '--scale', 'order-service=many'], /"many" is not a whole number from 1 to 32/],
    [['pu'], /Unknown command "pu"/],
    [[], /flotilla up/],
  ] as const) {
    const result = await cli(...args);
    assert.equal(result.code, 64, args.join(' '));
    assert.match(result.stderr, expected);
    assert.equal(result.stdout, '');
  }
});

describe('a port that is in use', () => {
  const holder = createServer();
  let port = 0;
  before(async () => {
    holder.listen(0);
    await once(holder, 'listening');
    // A TCP server that listens has an address with a port.
    port = (holder.address() as AddressInfo).port;
  });
  after(() => holder.close());

  test('is reported before anything starts, with the process that uses it and what to do', async () => {
    const env = { USER_SERVICE__SERVER_PORT: String(port) };
    const { code, stdout, stderr } = await run(startUp(data.folder, { env }));
    assert.equal(code, 78);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`${port} for user-service: in use by`));
    if (process.platform === 'linux') assert.match(stderr, new RegExp(`process ${process.pid} `));
    assert.match(stderr, /--free-ports/);
  });

  test('is also reported by a program that is started alone', async () => {
    const env = { SERVER_PORT: String(port), DATABASE_URL: `sqlite:${data.folder}/alone.db` };
    const { code, stderr } = await run(spawnCommand(process.execPath, ['apps/user-service/src/main.ts'], env));
    assert.equal(code, 78);
    assert.match(stderr, new RegExp(`port ${port} is in use`));
    assert.match(stderr, /SERVER_PORT/);
  });
});

test('a wrong setting ends the start with exit code 78, and its message comes last', async () => {
  const env = { USER_SERVICE__MAX_WORKERS: 'lots', USER_SERVICE__LOG_LEVEL: 'loud' };
  const { code, stdout, stderr } = await run(startUp(data.folder, { env }));
  assert.equal(code, 78);
  const [, message = ''] = stderr.split(/user-service cannot start.*\n/);
  assert.match(message, /MAX_WORKERS/);
  assert.match(message, /LOG_LEVEL/, 'every problem is told at once');
  assert.doesNotMatch(stdout + stderr, /restarting it/);
});

test('the mistakes of several programs are reported at once', async () => {
  const env = { USER_SERVICE__LOG_LEVEL: 'loud', ORDER_SERVICE__LEASE_MS: 'soon', GATEWAY__MAX_WORKERS: '0' };
  const { code, stderr } = await run(startUp(data.folder, { env }));
  assert.equal(code, 78);
  const [, message = ''] = stderr.split('so nothing is running.');
  for (const [program, name] of [
    ['user-service', 'LOG_LEVEL'],
    ['order-service', 'LEASE_MS'],
    ['gateway', 'MAX_WORKERS'],
  ]) {
    assert.match(message, new RegExp(`^${program} cannot start: .*\\n  - \\w+__${name} `, 'm'));
  }
});

test('settings that the programs cannot share are refused, with the right form', async () => {
  const { code, stderr } = await run(startUp(data.folder, { env: { SERVER_PORT: '9000' } }));
  assert.equal(code, 78);
  assert.match(stderr, /GATEWAY__SERVER_PORT=9000/);
});

describe('colours and formats', () => {
  const start = async (env: Record<string, string>): Promise<string> => {
    const spawned = startUp(data.folder, { args: ['--only', 'service-registry'], env });
    await spawned.says(/Ctrl-C stops everything|ready after/);
    spawned.child.kill('SIGTERM');
    await spawned.ended;
    return spawned.stdout();
  };
  const escape = '\u001b[';

  test('a pipe gets no colours unless FORCE_COLOR asks for them', async () => {
    assert.ok(!(await start({})).includes(escape));
    assert.ok((await start({ FORCE_COLOR: '1' })).includes(`${escape}90mflotilla         |${escape}0m`));
  });

  test('few lines stand before what is there to try', async () => {
    const [before = ''] = (await start({})).split('Ready after');
    assert.equal(before, 'flotilla         | starting 1 program\n\n');
  });

  test('LOG_FORMAT=json makes every line a JSON document', async () => {
    const lines = (await start({ LOG_FORMAT: 'json' })).trim().split('\n');
    assert.ok(lines.length >= 3);
    for (const line of lines) assert.equal(typeof (JSON.parse(line) as { msg: unknown }).msg, 'string', line);
  });

  /** What the registry, started alone, writes to a terminal. */
  const onTerminal = async (env: Record<string, string>): Promise<string> => {
    const program = `${process.execPath} apps/service-registry/src/main.ts`;
    const settings = { TERM: 'xterm-256color', SERVER_PORT: '0', DATABASE_URL: `sqlite:${data.folder}/terminal.db` };
    const spawned = spawnCommand('script', ['-qec', program, '/dev/null'], { ...settings, ...env });
    await spawned.says(/listening|ready/);
    spawned.child.kill('SIGTERM');
    await spawned.ended;
    return spawned.stdout();
  };

  test('a terminal gets colours, unless it cannot show them or NO_COLOR forbids them', {
    skip: process.platform !== 'linux' && 'script(1) has other options here',
  }, async () => {
    assert.ok((await onTerminal({})).includes(escape));
    assert.ok(!(await onTerminal({ NO_COLOR: '1' })).includes(escape));
    assert.ok(!(await onTerminal({ TERM: 'dumb' })).includes(escape));
  });

  test('a terminal shows the state of the fleet at its bottom, a pipe does not', {
    skip: process.platform !== 'linux' && 'script(1) has other options here',
  }, async () => {
    assert.doesNotMatch(await start({ FORCE_COLOR: '1' }), /●|\(B|\[J/);
    const line = [
      process.execPath,
      ...upArguments,
      '--free-ports',
      '--data',
      data.folder,
      '--only',
      'service-registry',
    ];
    const settings = { TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '1' };
    const spawned = spawnCommand('script', ['-qec', line.join(' '), '/dev/null'], settings);
    await spawned.says(/○ service-registry :\d+ starting/);
    await spawned.says(/Ctrl-C stops everything\.[^]*● service-registry :\d+\r/);
    spawned.child.kill('SIGTERM');
    await spawned.ended;
  });
});

test('npx flotilla works in this repository', async () => {
  const { code, stdout } = await run(spawnCommand(process.execPath, ['apps/cli/flotilla.mjs', 'version']));
  assert.equal(code, 0);
  assert.match(stdout, /^flotilla \d+\.\d+\.\d+ \(Node v\d+/);
});
