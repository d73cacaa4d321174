// The clients of examples/grpc-clients, made and run as their README says.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { engineCache } from '@flotilla/conformance/registries';
import { goFor } from '../clients/go-for.ts';
import { grpcServices } from '../clients/grpc-services.ts';
import { missing, programFor, temporaryFolder } from '../engine/programs.ts';

const root = path.resolve(import.meta.dirname, '../..');
const clients = 'examples/grpc-clients';
const run = promisify(execFile);

/** The lines of the first block of a kind below a heading of the README. */
function blockOf(heading: string, kind: 'sh' | 'text'): readonly string[] {
  const readme = readFileSync(path.join(root, clients, 'README.md'), 'utf8');
  const block = new RegExp(`^## ${heading}\\n[^]*?^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'm').exec(readme)?.[1] ?? '';
  return block.trim().split('\n');
}

/** What the README says that it prints. */
const printed = blockOf('Python', 'text');

/** A copy of a client with what it is made of, so that nothing is written among the sources. */
function copyOf(t: TestContext, language: string): string {
  const folder = temporaryFolder(t);
  for (const part of [`${clients}/${language}`, 'packages/user-contract/proto']) {
    mkdirSync(path.join(folder, path.dirname(part)), { recursive: true });
    cpSync(path.join(root, part), path.join(folder, part), {
      recursive: true,
      // What somebody has made here by hand is not what is tested.
      filter: (source) => !/\/(?:dist|usersv1|flotilla)$/.test(source) || source.endsWith('proto/flotilla'),
    });
  }
  return path.join(folder, clients, language);
}

/** Go spells statuses in its own way. */
function inPythonsSpelling(line: string): string {
  return line.replace('FailedPrecondition', 'FAILED_PRECONDITION').replace('NotFound', 'NOT_FOUND');
}

/** Makes the client, and runs it in a fleet, at an address, and where nothing is. */
async function assertWorks(
  t: TestContext,
  cwd: string,
  commands: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const program = commands.at(-1) ?? '';
  const shell = (command: string, more: NodeJS.ProcessEnv = {}): Promise<{ stdout: string }> =>
    run('sh', ['-c', command], { cwd, env: { ...process.env, ...env, ...more } });
  for (const command of commands.slice(0, -1)) await shell(command);
  const services = await grpcServices(t);
  const { grpcPort } = await services.start('user-service');
  const nowhere = 'http://127.0.0.1:1';
  for (const found of [
    { REGISTRY_URL: services.fleet.registryUrl },
    { REGISTRY_URL: nowhere, USER_SERVICE_GRPC: `127.0.0.1:${grpcPort}` },
  ]) {
    const { stdout } = await shell(program, found);
    assert.deepEqual(stdout.trim().split('\n').map(inPythonsSpelling), printed);
  }
  await assert.rejects(shell(program, { REGISTRY_URL: nowhere }), /Cannot find user-service: .*set USER_SERVICE_GRPC/);
  await assert.rejects(
    shell(program, { REGISTRY_URL: nowhere, USER_SERVICE_GRPC: '127.0.0.1:1' }),
    /127\.0\.0\.1:1: unavailable /i,
  );
}

test('the Go client, with code that protoc makes', async (t) => {
  const go = goFor(t, 'grpc-examples', `${clients}/go/go.mod`);
  if (go === undefined || programFor(t, 'protoc') === undefined) return;
  const cwd = copyOf(t, 'go');
  const env = {
    PATH: `${path.dirname(go)}:${process.env['PATH'] ?? ''}`,
    GOTOOLCHAIN: 'local',
    GOFLAGS: '-mod=readonly',
  };
  assert.equal((await run(path.join(path.dirname(go), 'gofmt'), ['-l', '.'], { cwd })).stdout, '');
  const [, ...commands] = blockOf('Go', 'sh');
  assert.deepEqual(commands, ['go generate .', 'go run .']);
  await assertWorks(t, cwd, ['go generate .', 'go build -o dist/ .', 'dist/user-client'], env);
});

test('the Python client, with code that grpcio-tools makes', async (t) => {
  const environment = path.join(engineCache, 'grpc-python');
  if (!existsSync(path.join(environment, 'bin/python')))
    return missing(t, 'grpcio is not installed (tests/clients/install.sh)', 'grpc-examples');
  const cwd = copyOf(t, 'python');
  mkdirSync(path.join(cwd, 'dist'));
  symlinkSync(environment, path.join(cwd, 'dist/env'));
  // The environment is there already.
  const [, , , ...commands] = blockOf('Python', 'sh');
  await assertWorks(t, cwd, commands, { PYTHONDONTWRITEBYTECODE: '1' });
});
