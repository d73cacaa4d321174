import { chown, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort } from '@flotilla/testing';
import { type Engine, findProgram } from '../registries/engine.ts';
import type { DatabaseAccount, DatabaseServer, DatabaseServerOptions } from './database-server.ts';
import {
  folderOf,
  ownTlsFiles,
  runProgram,
  ServerProcess,
  type ServerUser,
  serverUser,
  versionedFolders,
} from './server-process.ts';

/** PostgreSQL's server: on `PATH`, or where Debian puts it. */
export async function findPostgres(): Promise<Engine> {
  const folders = await versionedFolders('/usr/lib/postgresql');
  return findProgram(
    'postgres',
    folders.map((folder) => join(folder, 'postgres')),
  );
}

/** Starts a PostgreSQL on a free port, and waits until it accepts connections. `path`: of {@link findPostgres}. */
export async function startPostgres(path: string, options: DatabaseServerOptions = {}): Promise<DatabaseServer> {
  // It refuses to run as root.
  const user = await serverUser(['postgres', 'nobody']);
  const folder = await folderOf(user);
  // A link on PATH leads to the folder with the other programs.
  const programs = dirname(await realpath(path));
  const [host, port, data] = ['127.0.0.1', await freePort(), join(folder, 'data')];
  const admin = { user: 'flotilla', password: 'pass\'w"ord:@/?#% ü' };
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, admin.password);
  if (user.uid !== undefined) await chown(passwordFile, user.uid, user.gid ?? 0);
  const encoding = ['--encoding=UTF8', '--locale=C.UTF-8'];
  const login = [`--username=${admin.user}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await runProgram(join(programs, 'initdb'), [`--pgdata=${data}`, '--no-sync', ...encoding, ...login], {
    ...user,
    cwd: folder,
  });
  const where = ['-D', data, '-h', host, '-p', String(port), '-k', folder];
  // A machine that fails is not what the tests try; a killed server loses nothing without fsync.
  const small = {
    fsync: 'off',
    max_connections: '60',
    shared_buffers: '16MB',
    ...(await tlsOf(options, folder, user)),
  };
  const settings = Object.entries(small).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = new ServerProcess({
    ...user,
    path: join(programs, 'postgres'),
    args: [...where, ...settings, ...(options.args ?? [])],
    folder,
    isReady: async () => (await sql('SELECT 1').catch(() => '')) === '1',
  });
  const sql = async (text: string, database = 'postgres'): Promise<string> => {
    const args = ['-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', String(port)];
    const env = { PATH: process.env['PATH'], PGPASSWORD: admin.password, PGCONNECT_TIMEOUT: '5' };
    const { stdout } = await runProgram(
      join(programs, 'psql'),
      [...args, '-U', admin.user, '-d', database, '-c', text],
      {
        env,
      },
    );
    return stdout.trim();
  };
  await server.start();
  let made = 0;
  const url = (database: string, { user: name, password }: DatabaseAccount = admin): string =>
    `postgres://${encodeURIComponent(name)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
  return {
    host,
    port,
    socketFolder: folder,
    admin,
    url,
    async createDatabase(name = `test_${(made += 1)}`) {
      await sql(`CREATE DATABASE "${name}"`);
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

async function tlsOf(
  { tls }: DatabaseServerOptions,
  folder: string,
  user: ServerUser,
): Promise<Readonly<Record<string, string>>> {
  if (tls === undefined) return {};
  const { certFile, keyFile } = await ownTlsFiles(tls, folder, user);
  return { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile };
}
