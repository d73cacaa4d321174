import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files that never run: a start does not need them. */
const idle =
  /(\.d\.[cm]?ts|\.map|\.md|\.markdown|\.txt|\.ts|\.yml)$|(^|\/)(test|tests|docs|bench|benchmark|example|examples)\//i;

/** Every file in node_modules that may run, as lines of its size and relative path; workspaces by their manifest. */
export function listInstalledFiles(root) {
  const lines = [];
  const visit = (folder) => {
    for (const entry of readdirSync(path.join(root, 'node_modules', folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') && folder === '') continue; // npm's own records, links and caches.
      if (entry.isDirectory()) visit(name);
      else if (entry.isSymbolicLink()) lines.push(`0 ${name}/package.json`);
      else if (!idle.test(name)) lines.push(`${statSync(path.join(root, 'node_modules', name)).size} ${name}`);
    }
  };
  visit('');
  return lines;
}

/**
 * The files of `lines` that are gone, or shorter than they were. Longer ones are accepted: somebody may be debugging a package
 * with added lines.
 */
export function findDamage(root, lines) {
  const folder = path.join(root, 'node_modules');
  return lines.flatMap((line) => {
    const space = line.indexOf(' ');
    const name = line.slice(space + 1);
    const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
    return stats !== undefined && stats.size >= Number(line.slice(0, space)) ? [] : [name];
  });
}

/**
 * Why node_modules does not match package-lock.json; undefined if it does. It reads npm's own record, so it is also right after
 * a manual `npm install`, and checks each package, since the record may be outdated. Optional packages may be missing if they
 * are for other platforms.
 */
export function whyNotInstalled(root, platform = thisPlatform()) {
  const record = readJson(path.join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return 'the installation is incomplete';
  const installed = record.packages ?? {};
  const locked = readJson(path.join(root, 'package-lock.json'))?.packages ?? {};
  for (const [place, wanted] of Object.entries(locked)) {
    if (!place.includes('node_modules/')) continue;
    const found = installed[place];
    if (found === undefined) {
      if (isNeeded(wanted, platform)) return `${place} is not installed`;
    } else if (found.link === true) {
      if (!existsSync(path.join(root, place, 'package.json'))) return `${place} is a broken link`;
    } else if (found.version !== wanted.version || found.integrity !== wanted.integrity) {
      return `${place} is not version ${wanted.version}`;
    } else if (readJson(path.join(root, place, 'package.json'))?.version !== wanted.version) {
      return `${place} is missing or damaged`;
    }
  }
  return undefined;
}

/** The properties of this platform that packages may require. */
function thisPlatform() {
  const report = process.platform === 'linux' ? process.report?.getReport() : undefined;
  const libc = report === undefined ? undefined : report.header?.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return { os: process.platform, cpu: process.arch, libc };
}

/** Whether a missing package is required. */
function isNeeded({ optional, devOptional, peer, os, cpu, libc }, platform) {
  if (optional !== true && devOptional !== true && peer !== true) return true;
  // A package for certain platforms is needed on those. npm left out all others for its own reasons.
  return os !== undefined && allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

/** A list of a manifest: `["linux"]`, or `["!win32"]` for all but these. */
function allows(list, value) {
  if (list === undefined || value === undefined) return true;
  return list[0]?.startsWith('!') ? !list.includes(`!${value}`) : list.includes(value);
}

/** The folders whose package.json asks for dependencies that the lock file does not have. */
export function findUnlocked(root) {
  const locked = readJson(path.join(root, 'package-lock.json'))?.packages ?? {};
  const folders = Object.keys(locked).filter((place) => !place.includes('node_modules/'));
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return folders.filter((folder) => {
    const manifest = readJson(path.join(root, folder, 'package.json'));
    return manifest !== undefined && kinds.some((kind) => !sameEntries(manifest[kind], locked[folder][kind]));
  });
}

function sameEntries(one = {}, other = {}) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // Missing, half-written or not readable: all mean "unknown".
  }
}
