import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { failing } from '../faults/fault.ts';
import { fakeUpstream } from '../upstream/fake-upstream.ts';
import { waitUntil } from '../wait-until.ts';
import { startFleet } from './start-fleet.ts';

const packages = join(import.meta.dirname, '../../../../node_modules');
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A project outside of the repository, with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-project-'));
  folders.push(folder);
  symlinkSync(packages, join(folder, 'node_modules'), 'dir');
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const fleetOf = (programs: string, gateway = 'false'): string => `
  import { defineFleet } from '@flotilla/fleet';
  export const fleet = defineFleet({ gateway: ${gateway}, programs: { ${programs} } });`;
const greeting = `
  import { runService } from '@flotilla/kit/service';
  import { registrarFor, registryUrls } from '@flotilla/registry-client';
  await runService({
    name: 'greeting', defaultPort: 8003, registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    setup({ app }) {
      app.get('/environment', () => process.env);
      app.get('/crash', () => { setImmediate(() => { throw new Error('over and out'); }); return {}; });
    },
  }, process);`;
const config = project({
  'flotilla.config.ts': fleetOf(`greeting: { run: 'greeting.ts', port: 8003 }`, '{}'),
  'gateway.config.ts': `export const gateway = { routes: [
    { kind: 'proxy', match: '/greeting/', service: 'greeting', rewrite: '/' },
    { kind: 'proxy', match: '/stock/', service: 'stock', rewrite: '/' } ] };`,
  'greeting.ts': greeting,
});

test('programs use free ports and their own data, and leave nothing behind', async () => {
  let folder: string;
  let urls: string[];
  {
    await using fleet = await startFleet({ config });
    ({ folder } = fleet);
    assert.ok(existsSync(join(folder, 'service-registry.db')));
    const answer = await fetch(`${fleet.url('gateway')}/greeting/environment`);
    const env = (await answer.json()) as Record<string, string>;
    assert.equal(env['DATABASE_URL'], `sqlite:${join(folder, 'greeting.db')}`);
    assert.equal(env['REGISTRY_URL'], fleet.url('service-registry'));
    urls = ['gateway', 'greeting', 'service-registry'].map((name) => fleet.url(name));
    assert.notEqual(fleet.url('greeting'), 'http://127.0.0.1:8003');
  }
  assert.equal(existsSync(folder), false);
  for (const url of urls) await assert.rejects(fetch(url));
});

test("the shell's variables do not reach the programs, those of the test do", async (t) => {
  process.env['DATABASE_URL'] = 'sqlite:/precious.db';
  process.env['STRIPE_KEY'] = 'sk_live_1';
  t.after(() => {
    delete process.env['DATABASE_URL'];
    delete process.env['STRIPE_KEY'];
  });
  const env = { FEATURE: 'on', GREETING__LOG_LEVEL: 'debug' };
  await using fleet = await startFleet({ config, only: ['greeting'], env });
  const seen = (await (await fetch(`${fleet.url('greeting')}/environment`)).json()) as Record<string, string>;
  assert.equal(seen['STRIPE_KEY'], undefined);
  assert.match(seen['DATABASE_URL'] ?? '', /greeting\.db$/);
  assert.deepEqual([seen['FEATURE'], seen['GREETING__LOG_LEVEL']], ['on', 'debug']);
  assert.ok(seen['PATH']);
  assert.throws(() => fleet.url('gateway'), /Unknown program "gateway"\. Choose one of: service-registry, greeting/);
});

test('a program can be killed, stopped, and restarted at the same address', async () => {
  await using fleet = await startFleet({ config });
  const url = fleet.url('greeting');
  const status = async (): Promise<number> => (await fetch(`${fleet.url('gateway')}/greeting/health`)).status;
  await fleet.kill('greeting');
  assert.equal(await status(), 503);
  assert.throws(() => fleet.url('greeting'), /greeting is not running. Its last output:\n.*listening/s);
  await fleet.start('greeting');
  assert.equal(fleet.url('greeting'), url);
  assert.equal(await status(), 200);
  await fleet.restart('greeting');
  assert.equal(await status(), 200);
  await fleet.stop('greeting');
  const served = await fetch(`${fleet.url('service-registry')}/services/greeting/instances`);
  assert.deepEqual(await served.json(), [], 'who is stopped signs off');
});

test('waiting for one program does not depend on the others or on faults in front of it', async () => {
  await using stock = await fakeUpstream();
  await using fleet = await startFleet({ config, scale: { greeting: 2 }, faults: ['greeting'], fakes: { stock } });
  await fleet.faults('greeting').inject(failing('refused'));
  await fetch(`${fleet.url('gateway')}/greeting/health`);
  await fleet.restart('greeting');
  assert.doesNotMatch(fleet.logs('greeting-2'), /stopping/, 'each instance is meant alone');
  await fleet.restart('greeting-2');
  assert.equal(fleet.faults('greeting').isFaulty, true);
  assert.equal((await fetch(`${fleet.url('gateway')}/greeting/health`)).status, 200);
});

test('a program can be paused and resumed', { skip: process.platform === 'win32' }, async () => {
  await using fleet = await startFleet({ config, only: ['greeting'] });
  fleet.signal('greeting', 'SIGSTOP');
  let answered = false;
  const answer = fetch(`${fleet.url('greeting')}/health`).finally(() => (answered = true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(answered, false);
  fleet.signal('greeting', 'SIGCONT');
  assert.equal((await answer).status, 200);
});

test("the gateway calls a test's fake services, from the start or later", async () => {
  await using stock = await fakeUpstream();
  stock.on('GET /7', { body: { left: 3 } });
  await using fleet = await startFleet({ config, fakes: { stock } });
  const ask = async (): Promise<unknown> => (await fetch(`${fleet.url('gateway')}/stock/7`)).json();
  assert.deepEqual(await ask(), { left: 3 });
  await using second = await fakeUpstream();
  second.on('GET /7', { body: { left: 4 } });
  await fleet.announce('stock', second);
  const both = [await ask(), await ask()];
  assert.deepEqual(new Set(both.map((each) => JSON.stringify(each))).size, 2);
});

test('a program that ends instead of starting is reported with its output', async () => {
  const folder = project({
    'flotilla.config.ts': fleetOf(`broken: { run: 'broken.ts' }, greeting: { run: 'greeting.ts' }`),
    'broken.ts': `console.log('about to'); throw new Error('no such table: carts');`,
    'greeting.ts': greeting,
  });
  const started = startFleet({ config: folder });
  await assert.rejects(started, (error: Error) => {
    assert.match(error.message, /^broken ended with exit code 1\. Its last output:\n {4}about to\n/);
    assert.match(error.message, /no such table: carts/);
    return true;
  });
});

test('a port taken in between leads to another attempt with other ports', async () => {
  const folder = project({
    'flotilla.config.ts': fleetOf(`unlucky: { run: 'unlucky.ts' }`),
    'unlucky.ts': `
      import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync('tried')) {
        writeFileSync('tried', process.env.SERVER_PORT);
        console.error('unlucky cannot start: port ' + process.env.SERVER_PORT + ' is in use.');
        process.exit(78);
      }
      ${greeting.replace("'greeting'", "'unlucky'")}`,
  });
  await using fleet = await startFleet({ config: folder });
  const first = readFileSync(join(folder, 'tried'), 'utf8');
  assert.notEqual(new URL(fleet.url('unlucky')).port, first);
});

test('a program that never becomes ready is reported after the time limit', async () => {
  const folder = project({
    'flotilla.config.ts': fleetOf(`silent: { run: 'silent.ts' }`),
    'silent.ts': `console.log('waiting for Godot'); setInterval(() => {}, 1000);`,
  });
  await assert.rejects(
    startFleet({ config: folder, readyTimeoutMs: 4_000 }),
    /not ready after 4 s: silent is not ready\.\n {2}Last output of silent:\n {4}waiting for Godot/,
  );
});

test('mistakes in the file or in names are reported before anything starts', async () => {
  const folder = project({ 'flotilla.config.ts': fleetOf(`greeting: { run: 'nowhere.ts', port: 99999 }`) });
  await assert.rejects(startFleet({ config: folder }), /flotilla\.config\.ts has \w+ mistakes?:\n.*port/s);
  await assert.rejects(startFleet({ config: join(folder, 'other.config.ts') }), /find the file .*other\.config\.ts/);
  for (const options of [{ only: ['greting'] }, { faults: ['greting'] }, { scale: { greting: 2 } }])
    await assert.rejects(startFleet({ config, ...options }), /Unknown program "greting" in .*Did you mean greeting\?/);
  for (const name of ['gateway', 'service-registry'])
    await assert.rejects(startFleet({ config, faults: [name] }), /would reach nobody\. Put withFaults\(fleet\.url\('/);
});

test('a program that ends during a test makes it fail, with its output', async () => {
  const fleet = await startFleet({ config, only: ['greeting'] });
  await fetch(`${fleet.url('greeting')}/crash`).catch(() => undefined);
  await waitUntil('it has ended', () => {
    try {
      return fleet.url('greeting') === '';
    } catch {
      return true;
    }
  });
  await assert.rejects(
    async () => fleet[Symbol.asyncDispose](),
    /A program ended during the test\.\ngreeting ended .*over and out/s,
  );
  const other = await startFleet({ config, only: ['greeting'] });
  await fetch(`${other.url('greeting')}/crash`).catch(() => undefined);
  await other.ended('greeting');
  await other[Symbol.asyncDispose]();
});

const stockProgram = `
  import { createServer } from 'node:http';
  createServer((request, response) => response.end(JSON.stringify({ path: request.url, pid: process.pid })))
    .listen(Number(process.env.PORT), '127.0.0.1');`;
/** A program that knows nothing of us, a task that ends, and a program that works in silence. */
const commands = project({
  'flotilla.config.ts': fleetOf(
    `stock: { command: [process.execPath, 'stock.mjs'], port: 8004, health: '/health' },
     task: { command: [process.execPath, '-e', 'console.log("done")'], restart: 'never' },
     worker: { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] }`,
    '{}',
  ),
  'gateway.config.ts': `export const gateway = { routes: [{ kind: 'proxy', match: '/stock/', service: 'stock' }] };`,
  'stock.mjs': stockProgram,
});

test('programs without the Flotilla chassis take part, with faults as well', async () => {
  await using fleet = await startFleet({ config: commands, faults: ['stock'] });
  const ask = (): Promise<Response> => fetch(`${fleet.url('gateway')}/stock/7`);
  assert.equal(((await (await ask()).json()) as { path: string }).path, '/stock/7');
  await fleet.faults('stock').inject(failing(418));
  assert.equal((await ask()).status, 418);
  assert.equal(fleet.logs('task'), 'done\n');
  assert.throws(() => fleet.url('worker'), /worker has no port/);
});

/** A test's process that has forgotten its fleet, and where the programs serve. */
async function forgetful(
  ending: string,
  { fleet, names }: { readonly fleet: string; readonly names: readonly string[] },
): Promise<{ ended: Promise<unknown>; folder: string; urls: readonly string[]; kill(): void }> {
  const program = `
    import { startFleet } from '@flotilla/testing';
    const fleet = await startFleet({ config: ${JSON.stringify(fleet)} });
    const urls = ${JSON.stringify(names)}.map((name) => fleet.url(name));
    console.log(JSON.stringify({ folder: fleet.folder, urls }));
    ${ending}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: join(packages, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const ended = once(child, 'exit');
  await waitUntil('the fleet runs', () => text.includes('\n') || child.exitCode !== null);
  const { folder, urls } = JSON.parse(text) as { folder: string; urls: string[] };
  folders.push(folder);
  return { ended, folder, urls, kill: () => child.kill('SIGKILL') };
}

async function untilAllRefuse(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const answers = (): Promise<boolean> =>
      fetch(`${url}/health`).then(
        () => true,
        () => false,
      );
    // The test's own time limit ends it.
    while (await answers()) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const forgotten = [
  { fleet: config, names: ['gateway', 'greeting', 'service-registry'] },
  { fleet: commands, names: ['gateway', 'stock', 'service-registry'] },
];
for (const each of forgotten) {
  const [, service] = each.names;
  test(`a test that forgets its fleet ends all the same, and so do the programs, ${service} among them`, async () => {
    const { ended, folder, urls } = await forgetful('', each);
    await ended;
    assert.equal(existsSync(folder), false);
    await untilAllRefuse(urls);
  });

  test(`the programs end with a test that is killed, ${service} among them`, async () => {
    const { ended, urls, kill } = await forgetful('setInterval(() => {}, 1000);', each);
    kill();
    await ended;
    await untilAllRefuse(urls);
  });
}
