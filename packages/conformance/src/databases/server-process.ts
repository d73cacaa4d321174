import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ForeignProcess } from '../registries/foreign-process.ts';

/** Runs a program and gives what it prints. */
export const runProgram: (
  path: string,
  args: readonly string[],
  options?: { readonly uid?: number; readonly gid?: number; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string },
) => Promise<{ readonly stdout: string }> = promisify(execFile);

/** The user that runs a server which refuses to be root's. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The first of `names` that this machine has, if the tests run as root; else nobody else. */
export async function serverUser(names: readonly string[]): Promise<ServerUser> {
  if (userInfo().uid !== 0) return {};
  for (const name of names) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map(async (which) => runProgram('id', [which, name])));
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
    } catch {
      // This machine has no such user.
    }
  }
  throw new Error(`This machine has none of the users ${names.join(', ')}: run the tests as an ordinary user`);
}

/** A temporary folder of that user. Short, since it holds Unix sockets, whose paths are at most 107 bytes. */
export async function folderOf({ uid, gid }: ServerUser): Promise<string> {
  const folder = await mkdtemp('/tmp/flotilla-db-');
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/** Copies of a certificate and its key in the server's folder: servers want a key that only their own user may read. */
export async function ownTlsFiles(
  given: { readonly certFile: string; readonly keyFile: string },
  folder: string,
  { uid, gid }: ServerUser,
): Promise<{ readonly certFile: string; readonly keyFile: string }> {
  const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  await copyFile(given.certFile, certFile);
  await copyFile(given.keyFile, keyFile);
  for (const file of [certFile, keyFile]) {
    await chmod(file, 0o600);
    if (uid !== undefined && gid !== undefined) await chown(file, uid, gid);
  }
  return { certFile, keyFile };
}

/** What a server is started with. */
export interface ServerProgram extends ServerUser {
  readonly path: string;
  readonly args: readonly string[];
  readonly folder: string;
  isReady(): Promise<boolean>;
}

/** A server and its children, which it may have one of for each connection. */
export class ServerProcess implements AsyncDisposable {
  readonly #process: ForeignProcess;
  readonly #folder: string;

  constructor({ folder, ...program }: ServerProgram) {
    this.#folder = folder;
    this.#process = new ForeignProcess({ ...program, cwd: folder, readyWithinMs: 30_000 });
  }

  start(): Promise<void> {
    return this.#process.start();
  }

  async kill(): Promise<void> {
    const children = await this.#family();
    await this.#process.stop();
    for (const child of children) signal(child, 'SIGKILL');
  }

  async freeze(): Promise<void> {
    const family = await this.#family();
    for (const pid of family) signal(pid, 'SIGSTOP');
    // A thread may still be at work for a moment.
    while (!(await areStopped(family))) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async thaw(): Promise<void> {
    for (const pid of await this.#family()) signal(pid, 'SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#process[Symbol.asyncDispose]();
    // A child may still be writing its last file.
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  }

  /** The process ids of the server and its children, the server first, so that it starts no more of them when it is frozen. */
  async #family(): Promise<readonly number[]> {
    const parent = this.#process.pid;
    if (parent === undefined) return [];
    const { stdout } = await runProgram('ps', ['-A', '-o', 'pid=,ppid=']);
    const pairs = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    return [parent, ...pairs.flatMap(([pid, of]) => (of === parent && pid !== undefined ? [pid] : []))];
  }
}

async function areStopped(pids: readonly number[]): Promise<boolean> {
  const { stdout } = await runProgram('ps', ['-o', 'stat=', '-p', pids.join()]);
  return stdout.split('\n').every((state) => state.trim() === '' || /^[TZ]/.test(state.trim()));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** Where Debian puts the programs of each of PostgreSQL's versions, the newest first. */
export async function versionedFolders(parent: string): Promise<readonly string[]> {
  try {
    const versions = await readdir(parent);
    return versions.sort((one, other) => Number(other) - Number(one)).map((version) => join(parent, version, 'bin'));
  } catch {
    return [];
  }
}
