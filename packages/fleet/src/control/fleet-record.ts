import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '@flotilla/contracts/json';

/**
 * What a running fleet leaves in `<project>/.flotilla/fleets/<pid>.json` for those who look for it. Several fleets of a project
 * can run side by side: with free ports, or parts of it in different terminals.
 */
export interface FleetRecord {
  /** Of the supervisor. */
  readonly pid: number;
  /** The control socket: a Unix socket, or a named pipe. */
  readonly socket: string;
  readonly protocol: number;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
}

/** The folder of the records of a project. */
export function recordsFolder(project: string): string {
  return path.join(project, '.flotilla', 'fleets');
}

/** Prepares the folder, and removes the record of a killed supervisor with the same process id. Throws if it cannot. */
export function prepareRecords(project: string, { pid, socket }: Pick<FleetRecord, 'pid' | 'socket'>): void {
  const folder = recordsFolder(project);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Nobody wants it in a repository, and not everybody has ignored `.flotilla`.
  writeFileSync(path.join(folder, '.gitignore'), '*\n');
  for (const left of readRecords(project)) if (left.pid === pid) removeRecord(project, left);
  if (!isPipe(socket)) rmSync(socket, { force: true });
}

/** Writes the record of a fleet. */
export function writeRecord(project: string, record: FleetRecord): void {
  writeFileSync(fileOf(project, record.pid), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Removes the record of a fleet, if it still exists. */
export function removeRecord(project: string, { pid, socket }: Pick<FleetRecord, 'pid' | 'socket'>): void {
  rmSync(fileOf(project, pid), { force: true });
  if (isPipe(socket)) return;
  rmSync(socket, { force: true });
  // One that did not fit into the project's folder has a folder of its own.
  if (path.basename(path.dirname(socket)).startsWith(temporaryPrefix)) {
    rmSync(path.dirname(socket), { force: true, recursive: true });
  }
}

/** The records of a project, the oldest first. Other files are skipped. */
export function readRecords(project: string): readonly FleetRecord[] {
  const folder = recordsFolder(project);
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const records = names.flatMap((name) => (name.endsWith('.json') ? (readRecord(path.join(folder, name)) ?? []) : []));
  return records.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
}

/** What the folder is called that holds a socket outside the project. */
export const temporaryPrefix = 'flotilla-control-';

/** Whether it is a named pipe of Windows, which is no file. */
export function isPipe(socket: string): boolean {
  return socket.startsWith('\\\\.\\pipe\\');
}

function fileOf(project: string, pid: number): string {
  return path.join(recordsFolder(project), `${pid}.json`);
}

function readRecord(file: string): FleetRecord | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  const read = readJson(bytes);
  if (!read.ok || typeof read.value !== 'object' || read.value === null) return undefined;
  const { pid, socket, protocol, version, startedAtMs } = read.value as Partial<Record<keyof FleetRecord, unknown>>; // Only read, and checked here.
  if (typeof pid !== 'number' || typeof socket !== 'string' || typeof protocol !== 'number') return undefined;
  if (typeof version !== 'string' || typeof startedAtMs !== 'number') return undefined;
  return { pid, socket, protocol, version, startedAtMs };
}
