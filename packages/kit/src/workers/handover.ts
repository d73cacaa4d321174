import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/**
 * How workers that outlive their primary hand over their ports: each listens on a local socket in a folder of this user,
 * and answers `yes` or `no` to one line, `has <port>` or `release <port>`. Handles can only be sent between a parent and
 * its child, and these processes are not related. So a process that finds its port in use by one of them first listens on
 * it as well, which the system allows if all have asked for it (SO_REUSEPORT), and then tells them to release it.
 */

/** A worker that does not answer in this time is stopped or stuck, and is not waited for. */
const answerLimitMs = 1_000;
/** The longest path of a local socket that every system accepts. */
const longestPath = 100;

/** The folder in which this user's workers can be reached. */
export function handoverFolder(): string {
  return path.join(tmpdir(), `flotilla-${userInfo().uid}`);
}

/** The servers to hand over, by port. */
export type Offered = ReadonlyMap<number, Server>;

/**
 * Lets others take the ports of `servers`, and calls `done` when all are handed over.
 *
 * @returns a function that ends this; undefined if it cannot be done safely
 */
export async function offerHandover(
  folder: string,
  pid: number,
  servers: Offered,
  done: () => void,
): Promise<(() => void) | undefined> {
  const file = path.join(folder, `${pid}.sock`);
  if (file.length > longestPath || !isPrivate(folder)) return undefined;
  const left = new Map(servers);
  const local = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      const [, verb, port] = /^(has|release) (\d+)\n/.exec(text) ?? [];
      const server = left.get(Number(port));
      const answer = server === undefined ? 'no\n' : 'yes\n';
      if (verb !== 'release' || server === undefined) return void socket.end(answer);
      left.delete(Number(port));
      // After this turn, which accepts the connections made so far; they would be reset otherwise.
      setImmediate(() => {
        // Closing is immediate: when the answer is read, the port is free.
        server.close();
        socket.end(answer);
        if (left.size > 0) return;
        local.close();
        done();
      });
    });
    socket.on('error', () => undefined);
  });
  rmSync(file, { force: true });
  const listening = new Promise<boolean>((resolve) => {
    local.on('error', () => resolve(false));
    local.listen(file, () => resolve(true));
  });
  return (await listening) ? () => void local.close() : undefined;
}

/** Whether there are workers that may hand over a port. */
export function hasHandovers(folder: string): boolean {
  return filesIn(folder).length > 0;
}

/**
 * Asks every worker that outlived its primary whether it `has` the port, or to `release` it. True if one has or had it.
 */
export async function askForHandover(folder: string, verb: 'has' | 'release', port: number): Promise<boolean> {
  const answers = await Promise.all(filesIn(folder).map((file) => ask(file, `${verb} ${port}\n`)));
  return answers.includes(true);
}

function ask(file: string, question: string): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(file);
    socket.setTimeout(answerLimitMs, () => socket.destroy());
    socket.on('connect', () => socket.write(question));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Its worker was killed, so it could not clean up.
      if (error.code === 'ECONNREFUSED') rmSync(file, { force: true });
    });
    socket.on('close', () => resolve(text === 'yes\n'));
  });
}

function filesIn(folder: string): readonly string[] {
  try {
    const names = isPrivate(folder) ? readdirSync(folder) : [];
    return names.filter((name) => /^\d+\.sock$/.test(name)).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Whether only this user can use the folder; makes it if it is missing. Otherwise others could take ports away. */
function isPrivate(folder: string): boolean {
  // Windows has no local sockets in folders.
  if (userInfo().uid < 0) return false;
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700);
    const { uid, mode } = lstatSync(folder);
    return uid === userInfo().uid && (mode & 0o077) === 0 && lstatSync(folder).isDirectory();
  } catch {
    return false;
  }
}
