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
 * Builds the client's own tests, as they come from the Go proxy, into `folder`. With `forOurs`, the
 * harness, which starts a server for every test, waits for what our registry has. The tests are as they come.
 */
export async function buildSuite(
  go: string,
  suite: Suite,
  folder: string,
  o: { forOurs: boolean },
): Promise<BuiltSuite> {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, `${suite}.test`);
  const module = o.forOurs ? [await harnessForOurs(go, folder)] : [];
  await goRun(go, ['test', '-c', ...module, '-o', program, packages[suite]]);
  return { program, folder: await goRun(go, ['list', '-f', '{{.Dir}}', packages[suite]]) };
}

/** What is changed in the harness: it is not what is tested. */
const changes: ReadonlyMap<string, string> = new Map([
  // It waits for certificates of the service mesh.
  [
    'func (s *TestServer) WaitForActiveCARoot(t testing.TB) {',
    'func (s *TestServer) WaitForActiveCARoot(t testing.TB) {\n\treturn',
  ],
  // It gives every server two seconds to start, no less and no more: on a busy machine, Node takes longer.
  ['timer := retry.TwoSeconds()', 'timer := &retry.Timer{Timeout: 30 * time.Second, Wait: 20 * time.Millisecond}'],
  ['\t\tresp.Body.Close()\n\n\t\tfailed = false\n', '\t\tresp.Body.Close()\n\t\treturn nil\n'],
]);

function changed(text: string, [from, to]: readonly [string, string]): string {
  if (!text.includes(from)) throw new Error(`The harness of the tests has no longer what is changed: ${from}`);
  return text.replace(from, to);
}

/** The module file of the tests, with a copy of the harness that waits for what we have. */
async function harnessForOurs(go: string, folder: string): Promise<string> {
  const harness = 'github.com/hashicorp/consul/sdk';
  await goRun(go, ['mod', 'download', harness]);
  const copy = join(folder, 'harness');
  rmSync(copy, { recursive: true, force: true });
  // The modules that Go keeps cannot be written to.
  const original = await goRun(go, ['list', '-m', '-f', '{{.Dir}}', harness]);
  cpSync(original, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const file = join(copy, 'testutil/server.go');
  chmodSync(file, 0o644);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, [...changes].reduce(changed, text));
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
