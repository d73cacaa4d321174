import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { erasableCode } from './erasable-code.ts';
import { codeFolders, isCurrent, type ProtoCode, protoCode, withDigests } from './proto-code.ts';

/** Code that is out of date, or whose .proto file is gone. */
export function staleProtoCode(root: string): readonly string[] {
  const wanted = protoCode(root);
  const folders = [...new Set(wanted.map(({ folder }) => folder))];
  const left = folders
    .flatMap(codeFolders)
    .flatMap((place) => globSync(`${place}/**/*.ts`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !wanted.some((code) => code.path === path));
  return [...wanted.filter((code) => !isCurrent(root, code)).map(({ path }) => path), ...left];
}

/**
 * Writes the code that is out of date. Needs the compiler of Protocol Buffers, `protoc`, and installs its plugin on first use.
 * Returns what went wrong; undefined if nothing did.
 */
export function writeProtoCode(root: string): string | undefined {
  const stale = new Set(staleProtoCode(root));
  if (stale.size === 0) return undefined;
  const wanted = protoCode(root);
  for (const path of stale) if (!wanted.some((code) => code.path === path)) rmSync(join(root, path));
  const folders = [...new Set(wanted.filter(({ path }) => stale.has(path)).map(({ folder }) => folder))];
  if (folders.length === 0) return undefined;
  const tools = join(root, 'scripts/proto');
  const windows = process.platform === 'win32';
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  if (spawnSync('npm', ['ci', ...quietly], { cwd: tools, stdio: 'inherit', shell: windows }).status !== 0)
    return 'Cannot install protoc-gen-es. Check the network, then run the same command again.';
  for (const folder of folders) {
    const problem = compile(
      root,
      folder,
      wanted.filter((code) => code.folder === folder),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function compile(root: string, folder: string, files: readonly ProtoCode[]): string | undefined {
  const draft = mkdtempSync(join(tmpdir(), 'flotilla-proto-'));
  try {
    const plugin = join(root, 'scripts/proto/node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es');
    const launcher = join(draft, 'protoc-gen-es');
    writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${plugin}"\n`, { mode: 0o755 });
    const options = [`--plugin=${launcher}`, `--es_out=${draft}`, '--es_opt=target=ts,import_extension=ts'];
    const names = files.map(({ proto }) => proto);
    const { status, error } = spawnSync('protoc', [`-I${join(root, folder, 'proto')}`, ...options, ...names], {
      stdio: 'inherit',
    });
    if (error !== undefined)
      return 'Cannot run protoc. Install it (Debian: protobuf-compiler and libprotobuf-dev; macOS: brew install protobuf), then run the same command again.';
    if (status !== 0) return `protoc refused the files in ${folder}/proto. Correct what it names above.`;
    for (const code of files) {
      const text = erasableCode(readFileSync(join(draft, code.proto.replace(/\.proto$/, '_pb.ts')), 'utf8'));
      mkdirSync(dirname(join(root, code.path)), { recursive: true });
      writeFileSync(join(root, code.path), withDigests(text, code));
    }
    return undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
