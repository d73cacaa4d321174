import { dirname, join } from 'node:path';
import { freePort } from '@flotilla/testing';
import { type Engine, findProgram } from '../registries/engine.ts';
import type { DatabaseAccount, DatabaseServer, DatabaseServerOptions } from './database-server.ts';
import { folderOf, ownTlsFiles, runProgram, ServerProcess, type ServerUser, serverUser } from './server-process.ts';

/** MariaDB's server: on `PATH`, or where Debian puts it. */
export function findMariadb(): Engine {
  return findProgram('mariadbd', ['/usr/sbin/mariadbd']);
}

/** Starts a MariaDB on a free port, and waits until it accepts connections. `path`: of {@link findMariadb}. */
export async function startMariadb(path: string, options: DatabaseServerOptions = {}): Promise<DatabaseServer> {
  const user = await serverUser(['mysql', 'nobody']);
  const folder = await folderOf(user);
  const [host, port, socket, data] = ['127.0.0.1', await freePort(), join(folder, 's.sock'), join(folder, 'data')];
  const admin = { user: 'flotilla', password: 'pass\'w"ord:@/?#% ü' };
  // Its scripts and clients lie beside it, or where Debian puts them.
  const program = (name: string): string => {
    const found = findProgram(name, [join(dirname(path), name), `/usr/bin/${name}`]);
    if (found.kind === 'missing') throw new Error(found.reason);
    return found.path;
  };
  const small = ['--innodb-buffer-pool-size=32M', '--innodb-log-file-size=8M', '--performance-schema=OFF'];
  const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
  await runProgram(program('mariadb-install-db'), [...install, ...small], { ...user, cwd: folder });
  const where = [`--datadir=${data}`, `--port=${port}`, `--bind-address=${host}`, `--socket=${socket}`];
  const tls = await tlsOf(options, folder, user);
  const server = new ServerProcess({
    ...user,
    path,
    // A machine that fails is not what the tests try; a killed server loses nothing without a flush to the disk.
    args: ['--no-defaults', ...where, ...small, '--innodb-flush-log-at-trx-commit=2', ...tls, ...(options.args ?? [])],
    folder,
    isReady: async () => (await sql('SELECT 1').catch(() => '')) === '1',
  });
  const sql = async (text: string, database?: string): Promise<string> => {
    const args = ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--skip-column-names'];
    const chosen = database === undefined ? [] : [`--database=${database}`];
    const { stdout } = await runProgram(program('mariadb'), [...args, ...chosen, '--execute', text]);
    return stdout.trim();
  };
  await server.start();
  await sql(`
    CREATE USER '${admin.user}'@'%' IDENTIFIED BY '${admin.password.replaceAll("'", "''")}';
    GRANT ALL ON *.* TO '${admin.user}'@'%' WITH GRANT OPTION`);
  let made = 0;
  const url = (database: string, { user: name, password }: DatabaseAccount = admin): string =>
    `mariadb://${encodeURIComponent(name)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
  return {
    host,
    port,
    socketFolder: folder,
    admin,
    url,
    async createDatabase(name = `test_${(made += 1)}`) {
      await sql(`CREATE DATABASE \`${name}\``);
      return url(name);
    },
    sql,
    kill: () => server.kill(),
    start: () => server.start(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function tlsOf({ tls }: DatabaseServerOptions, folder: string, user: ServerUser): Promise<readonly string[]> {
  if (tls === undefined) return ['--skip-ssl'];
  const { certFile, keyFile } = await ownTlsFiles(tls, folder, user);
  return [`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`];
}
