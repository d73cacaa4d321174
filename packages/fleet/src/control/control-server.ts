import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readJson } from '@flotilla/contracts/json';
import { type ControlDesk, RefusedWish } from './control-desk.ts';
import type { ControlAction, ControlProblem } from './control-types.ts';
import { isPipe } from './fleet-record.ts';
import type { LogRing } from './log-ring.ts';
import { sendLogs } from './send-logs.ts';

/** Longer than any valid request. */
const longestBodyBytes = 16 * 1024;
/** A client that does not send its request within this time is disconnected. */
const requestLimitMs = 5_000;
/** Concurrent readers of the log: enough for several terminals, and a limit for leaked ones. */
const mostFollowers = 16;

const statuses: Readonly<Record<ControlProblem['code'], number>> = {
  UNKNOWN_NAME: 404,
  NOT_FOUND: 404,
  REFUSED: 409,
  BAD_REQUEST: 400,
  FAILED: 500,
};

/** Serves requests of clients on this machine that may open the socket. */
export class ControlServer {
  readonly #desk: ControlDesk;
  readonly #logs: LogRing;
  readonly #server: Server;
  readonly #followers = new Set<ServerResponse>();

  constructor(desk: ControlDesk, logs: LogRing) {
    this.#desk = desk;
    this.#logs = logs;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.requestTimeout = requestLimitMs;
    this.#server.headersTimeout = requestLimitMs;
  }

  /** Starts to serve at `socket`. Rejects if it cannot listen there. */
  async listen(socket: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(socket, resolve);
    await promise;
    // Most systems ask for leave to write before they let somebody connect; whoever may is this user.
    if (!isPipe(socket)) chmodSync(socket, 0o600);
    // The fleet decides how long it runs, not who may ask about it.
    this.#server.unref();
  }

  /** Closes all connections, even in the middle of an answer. */
  close(): void {
    for (const follower of this.#followers) follower.end();
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    try {
      await this.#answer(request, response);
    } catch (error) {
      // Whatever a client sends, and however it goes away, the programs run on.
      if (response.headersSent || response.destroyed) response.destroy();
      else if (error instanceof RefusedWish) send(response, statuses[error.problem.code], error.problem);
      else send(response, statuses.FAILED, { code: 'FAILED', message: words(error) });
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = '/', query] = (request.url ?? '/').split('?', 2);
    const searchParams = new URLSearchParams(query);
    switch (`${request.method} ${pathname}`) {
      case 'GET /fleet':
        send(response, 200, await this.#desk.report(searchParams.get('usage') === 'true'));
        return;
      case 'GET /logs':
        this.#sendLogs(searchParams, response);
        return;
      case 'GET /config':
        send(response, 200, { settings: await this.#desk.settings(searchParams.get('name') ?? '') });
        return;
      case 'POST /start':
      case 'POST /stop':
      case 'POST /restart': {
        const { name } = await readBody(request);
        if (typeof name !== 'string') throw badRequest('"name" must be the name of a program.');
        // The three paths above.
        send(response, 202, { names: this.#desk.act(pathname.slice(1) as ControlAction, name) });
        return;
      }
      case 'POST /scale': {
        const { program, instances } = await readBody(request);
        if (typeof program !== 'string' || typeof instances !== 'number') {
          throw badRequest('"program" must be a name, "instances" a number.');
        }
        await this.#desk.scale(program, instances);
        send(response, 202, {});
        return;
      }
      case 'POST /stop-all': {
        const { hurry } = await readBody(request);
        send(response, 202, {});
        this.#desk.stopAll(hurry === true);
        return;
      }
      default:
        throw new RefusedWish({
          code: 'NOT_FOUND',
          message: `The supervisor does not answer ${request.method} ${pathname}.`,
        });
    }
  }

  #sendLogs(parameters: URLSearchParams, response: ServerResponse): void {
    const asked = parameters.getAll('name');
    // Those that are there now, and those that join them: `scale` brings further instances.
    const names = new Set(asked.flatMap((name) => this.#desk.namesOf(name)));
    const wants = (name: string): boolean => {
      if (asked.length === 0 || names.has(name)) return true;
      if (!asked.some((each) => this.#desk.isCalled(name, each))) return false;
      names.add(name);
      return true;
    };
    const tail = Number(parameters.get('tail') ?? 100);
    if (!Number.isInteger(tail) || tail < 0) throw badRequest('"tail" must be a number of lines.');
    const follow = parameters.get('follow') === 'true';
    if (follow && this.#followers.size >= mostFollowers) {
      const message = `${mostFollowers} readers follow the log already. End one of them.`;
      throw new RefusedWish({ code: 'REFUSED', message });
    }
    if (follow) this.#followers.add(response);
    response.on('close', () => this.#followers.delete(response));
    sendLogs(response, this.#logs, { wants, tail, follow });
  }
}

function send(response: ServerResponse, status: number, body: object | ControlProblem): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > longestBodyBytes) throw badRequest(`The body is longer than ${longestBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  const read = readJson(Buffer.concat(chunks));
  if (!read.ok || typeof read.value !== 'object' || read.value === null)
    throw badRequest('The body must be a JSON object.');
  // An object of unknown fields; each is checked where it is used.
  return read.value as Readonly<Record<string, unknown>>;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function badRequest(message: string): RefusedWish {
  return new RefusedWish({ code: 'BAD_REQUEST', message });
}
