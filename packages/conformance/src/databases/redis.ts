import { connect } from 'node:net';
import { freePort } from '@flotilla/testing';
import { type Engine, findProgram } from '../registries/engine.ts';
import { folderOf, ServerProcess } from './server-process.ts';

/** Redis, as Debian's package redis-server installs it. */
export function findRedis(): Engine {
  return findProgram('redis-server');
}

/** How a Redis is started. */
export interface RedisServerOptions {
  /** Of {@link findRedis}. */
  readonly path: string;
  /** Default: none is needed. */
  readonly password?: string;
  /** Certificate and key, as files: it then speaks TLS on `tlsPort`. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** More of its options. */
  readonly args?: readonly string[];
}

/** A real Redis on loopback. */
export interface RunningRedis extends AsyncDisposable {
  readonly port: number;
  readonly tlsPort: number;
  /** With the password, without a path. */
  readonly url: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port: with the data that it was last asked to SAVE, if it ever was. */
  start(): Promise<void>;
  /** Freezes it: connections stay, and nobody answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Sends a command over a connection of its own, and returns the raw reply. */
  ask(...command: readonly string[]): Promise<string>;
}

/** Starts a Redis on a free port, with its files in a temporary folder. */
export async function startRedis(options: RedisServerOptions): Promise<RunningRedis> {
  const { path, password, tls, args = [] } = options;
  const folder = await folderOf({});
  const [port, tlsPort] = [await freePort(), await freePort()];
  const secure = tls && [
    '--tls-port',
    String(tlsPort),
    '--tls-cert-file',
    tls.certFile,
    '--tls-key-file',
    tls.keyFile,
    '--tls-auth-clients',
    'no',
  ];
  const ask = (...command: readonly string[]): Promise<string> => askOnce(port, password, command);
  const redis = new ServerProcess({
    folder,
    path,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
      ...(password === undefined ? [] : ['--requirepass', password]),
      ...(secure ?? []),
      ...args,
    ],
    isReady: async () => (await ask('PING').catch(() => '')).startsWith('+PONG'),
  });
  await redis.start();
  return {
    port,
    tlsPort,
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    kill: () => redis.kill(),
    start: () => redis.start(),
    freeze: () => redis.freeze(),
    thaw: () => redis.thaw(),
    ask,
    [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose](),
  };
}

/** One command in Redis' protocol; resolves with the first piece of the reply that holds a whole line. */
function askOnce(port: number, password: string | undefined, command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const commands = password === undefined ? [command] : [['AUTH', password], command];
    let text = '';
    socket.setTimeout(5_000, () => socket.destroy(new Error('Redis does not answer')));
    socket.on('connect', () => socket.write(commands.map(encode).join('')));
    socket.on('data', (piece: Buffer) => {
      text += piece.toString();
      const reply = password === undefined ? text : text.slice(text.indexOf('\r\n') + 2);
      if (!reply.includes('\r\n')) return;
      socket.destroy();
      resolve(reply);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('Redis closed the connection')));
  });
}

function encode(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
