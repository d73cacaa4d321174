import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { shortSize } from '../output/short-values.ts';
import type { Finding } from './finding.ts';

/** What `engines` of our packages asks for: from here on Node runs TypeScript without a word. */
const oldestNode = [24, 15] as const;
/** Less than this, and databases soon cannot write. */
const fullBytes = 100e6;
const nearlyFullBytes = 1e9;

/** Whether this Node can run the programs. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  const needed = oldestNode.join('.');
  return isOld
    ? { check: 'node', result: 'problem', text: `This is Node ${version}. Install ${needed} or later.` }
    : { check: 'node', result: 'ok', text: version };
}

/** Whether there is space for data, and permission to write it. */
export async function checkDisk(folder: string): Promise<readonly Finding[]> {
  const existing = nearestExisting(folder);
  const findings: Finding[] = [];
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    findings.push({
      check: 'data',
      result: 'problem',
      text: `${existing} is not writable. Change its owner, or set dataFolder.`,
    });
  }
  const { bavail, bsize } = await statfs(existing);
  const free = bavail * bsize;
  const text = `${shortSize(free)} free for ${folder}`;
  if (free < fullBytes)
    findings.push({ check: 'disk', result: 'problem', text: `${text}: databases will soon fail to write` });
  else findings.push({ check: 'disk', result: free < nearlyFullBytes ? 'note' : 'ok', text });
  return findings;
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(path.dirname(folder));
}

/** Flotilla's packages that a project can have, all of the same version. */
const ours = [
  'cli',
  'fleet',
  'kit',
  'contracts',
  'gateway',
  'registry',
  'registry-client',
  'testing',
  'app-dashboard',
  'app-gateway',
  'app-service-registry',
];

/** Whether all of Flotilla's packages in a project have the same version. */
export function checkVersions(file: string, version: string): Finding {
  const found = ours.flatMap((name) => {
    const own = versionOf(`@flotilla/${name}`, file);
    return own === undefined ? [] : [{ name: `@flotilla/${name}`, version: own }];
  });
  const others = found.filter((each) => each.version !== version);
  if (others.length === 0)
    return { check: 'versions', result: 'ok', text: `flotilla ${version}, and ${found.length} packages of it` };
  const list = others.map(({ name, version: own }) => `${name} ${own}`).join(', ');
  return {
    check: 'versions',
    result: 'problem',
    text: `flotilla is ${version}, but there is ${list}. Install the same version of all.`,
  };
}

function versionOf(name: string, file: string): string | undefined {
  for (const folder of createRequire(file).resolve.paths(name) ?? []) {
    const manifest = path.join(folder, name, 'package.json');
    if (!existsSync(manifest)) continue;
    // A package has a version.
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
  }
  return undefined;
}
