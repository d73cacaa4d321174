import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of TypeScript that is made of a .proto file. */
export interface ProtoCode {
  /** The folder of its package: `packages/kit`. */
  readonly folder: string;
  /** The .proto file, below `proto/` of the package. */
  readonly proto: string;
  /** The file that is made of it, from the root of the repository. */
  readonly path: string;
  /** A digest of everything it is made of. */
  readonly source: string;
}

/** Where the code of a package's .proto files goes: that of OTLP stands lower than gRPC, which carries it. */
export function codeFolders(folder: string): readonly string[] {
  return [`${folder}/src/grpc/generated`, `${folder}/src/otlp/generated`];
}

function codePath(folder: string, proto: string): string {
  const place = proto.startsWith('opentelemetry/') ? 'otlp' : 'grpc';
  return `${folder}/src/${place}/generated/${proto.replace(/\.proto$/, '_pb.ts')}`;
}

/** The code of all .proto files in `packages/<name>/proto`, whether or not it is there. */
export function protoCode(root: string): readonly ProtoCode[] {
  const tools = ['package.json', 'erasable-code.ts'].map((name) => readFileSync(join(root, 'scripts/proto', name)));
  const folders = globSync('packages/*/proto', { cwd: root }).map((found) => found.replaceAll('\\', '/'));
  return folders.toSorted().flatMap((protos) => {
    const folder = protos.slice(0, -'/proto'.length);
    const names = globSync('**/*.proto', { cwd: join(root, protos) }).map((name) => name.replaceAll('\\', '/'));
    // A file may import any other of its package.
    const hash = createHash('sha256');
    for (const tool of tools) hash.update(tool);
    for (const name of names.toSorted()) hash.update(`${name}\0`).update(readFileSync(join(root, protos, name)));
    const source = hash.digest('hex').slice(0, 16);
    return names.toSorted().map((proto) => ({
      folder,
      proto,
      path: codePath(folder, proto),
      source,
    }));
  });
}

/**
 * Whether the file is there and is what the .proto files make. It has two digests, of what it is made of and of itself, so
 * that this needs no compiler.
 */
export function isCurrent(root: string, code: ProtoCode): boolean {
  const file = join(root, code.path);
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  return text === withDigests(text.slice(text.indexOf('\n') + 1), code);
}

/** `text` below a line that says what it was made of. */
export function withDigests(text: string, { proto, source }: ProtoCode): string {
  const own = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `// Generated from proto/${proto} by "npm run generate": do not edit. ${source} ${own}\n${text}`;
}
