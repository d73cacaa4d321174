import { chmodSync, constants, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../engine/programs.ts';

/** The packages of the client whose own tests are run. */
export const suites = ['api', 'watch'] as const;
export type Suite = (typeof suites)[number];

const packages: Readonly<Record<Suite, string>> = {
  api: 'github.com/hashicorp/consul/api',
  watch: 'github.com/hashicorp/consul/api/watch',
};

/** The tests of the client as programs, and the folder where each expects to run. */
export interface BuiltSuite {
  readonly program: string;
  readonly folder: string;
}

/**
 * Builds the client's own tests, as they come from the Go proxy, into `folder`. With `withoutConnect`, one wait of the
 * harness is left out: before every test it waits for the certificates of Consul's service mesh, which we do not have.
 */
export async function buildSuite(
  go: string,
  suite: Suite,
  folder: string,
  o: { withoutConnect: boolean },
): Promise<BuiltSuite> {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, `${suite}.test`);
  const module = o.withoutConnect ? [await withoutWait(go, folder)] : [];
  await goRun(go, ['test', '-c', ...module, '-o', program, packages[suite]]);
  return { program, folder: await goRun(go, ['list', '-f', '{{.Dir}}', packages[suite]]) };
}

/** The module file of the tests, with a copy of the harness that does not wait. */
async function withoutWait(go: string, folder: string): Promise<string> {
  const harness = 'github.com/hashicorp/consul/sdk';
  await goRun(go, ['mod', 'download', harness]);
  const copy = join(folder, 'harness');
  rmSync(copy, { recursive: true, force: true });
  // The modules that Go keeps cannot be written to.
  const original = await goRun(go, ['list', '-m', '-f', '{{.Dir}}', harness]);
  cpSync(original, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const file = join(copy, 'testutil/server.go');
  const text = readFileSync(file, 'utf8');
  const wait = 'func (s *TestServer) WaitForActiveCARoot(t testing.TB) {';
  if (!text.includes(wait)) throw new Error(`${file} has no longer what is left out: ${wait}`);
  chmodSync(file, 0o644);
  writeFileSync(file, text.replace(wait, `${wait}\n\treturn`));
  const module = join(folder, 'suite.mod');
  const own = readFileSync(join(import.meta.dirname, 'go.mod'), 'utf8');
  writeFileSync(module, `${own}\nreplace ${harness} => ${copy}\n`);
  copyFileSync(join(import.meta.dirname, 'go.sum'), join(folder, 'suite.sum'));
  return `-modfile=${module}`;
}

async function goRun(go: string, args: readonly string[]): Promise<string> {
  const env = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
  const ended = await run(go, args, { cwd: import.meta.dirname, env, timeoutMs: 240_000 });
  if (ended.status !== 0) throw new Error(`go ${args.join(' ')} failed:\n${ended.stdout}${ended.stderr}`);
  return ended.stdout.trim();
}
