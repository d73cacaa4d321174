import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** What the registry keeps of an entry. */
const longest = 512;
/** No `package.json` is larger; npm's own has 8 KiB. */
const largestBytes = 1_048_576;

/**
 * The version of the package that a program belongs to: that of the nearest `package.json` above its file that names one. So what
 * runs says which release it is without a setting. Undefined: none names one.
 *
 * @param file the program's main file, as in `process.argv[1]`; undefined: it was not started from one
 */
export function ownVersion(file: string | undefined): string | undefined {
  if (file === undefined || !isAbsolute(file)) return undefined;
  // From the file itself: a program may be started by its folder.
  let folder = linked(file);
  for (;;) {
    const version = versionIn(join(folder, 'package.json'));
    if (version !== undefined) return version;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

/** What npm starts by its name is a link to the file. */
function linked(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Started without its ending: `node dist/main`.
    return file;
  }
}

function versionIn(manifest: string): string | undefined {
  try {
    const { size } = statSync(manifest);
    // Of a pipe or a device, reading may never end. Their size is 0.
    if (size === 0 || size > largestBytes) return undefined;
    // Some editors write a mark in front, which npm skips too.
    const read: unknown = JSON.parse(readFileSync(manifest, 'utf8').replace(/^\uFEFF/, ''));
    if (typeof read !== 'object' || read === null || !('version' in read)) return undefined;
    const { version } = read;
    return typeof version === 'string' && version !== '' && version.length <= longest ? version : undefined;
  } catch {
    // It is not there, or nobody can read it: no reason not to start.
    return undefined;
  }
}
