import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import type { PackedPackage } from '../../scripts/release/pack-packages.ts';
import { readManifest } from '../../scripts/release/public-packages.ts';
import { npm } from './tools.ts';

/** An npm registry on this machine, in which our packages are published as they would be. */
export interface LocalRegistry extends AsyncDisposable {
  readonly url: string;
}

/** Serves the packages, and sends whoever wants another one to the registry that npm is set to. */
export async function localRegistry(packages: readonly PackedPackage[]): Promise<LocalRegistry> {
  const upstream = npm(['config', 'get', 'registry'], import.meta.dirname)
    .trim()
    .replace(/\/$/, '');
  const tarballs = new Map(packages.map((one) => [`/-/${path.basename(one.tarball)}`, one.tarball]));
  // npm keeps what a registry has said under its address, and an earlier test may have had the same port.
  const own = `/${randomUUID()}`;
  let url = '';
  const server = createServer((request, response) => {
    const asked = (request.url ?? '/').slice(own.length);
    const target = decodeURIComponent(asked);
    const tarball = tarballs.get(target);
    const published = packages.find(({ manifest }) => target === `/${manifest.name}`);
    if (tarball !== undefined) response.end(readFileSync(tarball));
    else if (published !== undefined) response.end(JSON.stringify(packument(published, url)));
    else response.writeHead(302, { location: upstream + asked }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}${own}`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a registry tells of a package. */
function packument({ staged, tarball }: PackedPackage, url: string): unknown {
  const manifest = readManifest(path.join(staged, 'package.json'));
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const dist = { tarball: `${url}/-/${path.basename(tarball)}`, integrity };
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  };
}
