import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
  const overlay = o.withoutConnect ? ['-overlay', await withoutWait(go, folder)] : [];
  await goRun(go, ['test', '-c', ...overlay, '-o', program, packages[suite]]);
  return { program, folder: await goRun(go, ['list', '-f', '{{.Dir}}', packages[suite]]) };
}

async function withoutWait(go: string, folder: string): Promise<string> {
  const harness = await goRun(go, ['list', '-m', '-f', '{{.Dir}}', 'github.com/hashicorp/consul/sdk']);
  const original = join(harness, 'testutil/server.go');
  const text = readFileSync(original, 'utf8');
  const wait = 'func (s *TestServer) WaitForActiveCARoot(t testing.TB) {';
  if (!text.includes(wait)) throw new Error(`${original} has no longer what is left out: ${wait}`);
  const changed = join(folder, basename(original));
  writeFileSync(changed, text.replace(wait, `${wait}\n\treturn`));
  const overlay = join(folder, 'overlay.json');
  writeFileSync(overlay, JSON.stringify({ Replace: { [original]: changed } }));
  return overlay;
}

async function goRun(go: string, args: readonly string[]): Promise<string> {
  const env = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' };
  const ended = await run(go, args, { cwd: import.meta.dirname, env, timeoutMs: 240_000 });
  if (ended.status !== 0) throw new Error(`go ${args.join(' ')} failed:\n${ended.stdout}${ended.stderr}`);
  return ended.stdout.trim();
}
