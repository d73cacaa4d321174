import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

/** A file of the pages, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same, compressed: made once. */
  readonly packed: { readonly br: Buffer; readonly gzip: Buffer } | undefined;
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly isHashed: boolean;
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** What is smaller gains nothing. */
const leastPackedBytes = 1_024;
const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

/** The built pages: the files of a folder by their paths (`/index.html`). Nothing else can be asked for. Empty if there is no folder. */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return files;
    throw error;
  }
  for (const entry of entries) {
    const type = types[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(`/${path.relative(folder, file).split(path.sep).join('/')}`, await pageFile(file, type));
  }
  return files;
}

async function pageFile(file: string, type: string): Promise<PageFile> {
  const bytes = await readFile(file);
  const { createHash } = await import('node:crypto');
  const isText = bytes.length >= leastPackedBytes && !/^(?:image\/(?!svg)|font\/)/.test(type);
  return {
    type,
    bytes,
    packed: isText ? { br: await brotlied(bytes), gzip: await gzipped(bytes) } : undefined,
    isHashed: /[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(path.basename(file)),
    tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  };
}
