import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { readJson } from '@flotilla/contracts/json';
import type { ControlAction, ControlProblem, FleetReport, LogEvent } from './control-types.ts';

/** Why a request failed, in words for people. */
export class ControlFailure extends Error {
  readonly kind: 'gone' | 'silent' | 'refused';
  readonly problem: ControlProblem | undefined;

  constructor(kind: ControlFailure['kind'], message: string, problem?: ControlProblem) {
    super(message);
    this.kind = kind;
    this.problem = problem;
  }
}

/** A supervisor is mostly idle; one that does not answer within this time is suspended or hangs. */
const defaultAnswerLimitMs = 5_000;
/** Longer, because a program is started to print its settings. */
const settingsLimitMs = 15_000;

/** Sends requests to the supervisor of a running fleet. Rejects with a {@link ControlFailure}. */
export class ControlClient {
  readonly #socket: string;
  readonly #answerLimitMs: number;

  /** `answerLimitMs`: the longest time for an answer. Default: 5 s. */
  constructor(socket: string, answerLimitMs: number = defaultAnswerLimitMs) {
    this.#socket = socket;
    this.#answerLimitMs = answerLimitMs;
  }

  async report({ usage = false }: { readonly usage?: boolean } = {}): Promise<FleetReport> {
    // What our own server of the same protocol sends; so with all answers below.
    return (await this.#ask('GET', `/fleet?usage=${usage}`)) as FleetReport;
  }

  async act(action: ControlAction, name: string): Promise<readonly string[]> {
    const { names } = (await this.#ask('POST', `/${action}`, { name })) as { names: readonly string[] };
    return names;
  }

  async scale(program: string, instances: number): Promise<void> {
    await this.#ask('POST', '/scale', { program, instances });
  }

  async stopAll(hurry: boolean): Promise<void> {
    await this.#ask('POST', '/stop-all', { hurry });
  }

  async settings(name: string): Promise<string> {
    const path = `/config?name=${encodeURIComponent(name)}`;
    const { settings } = (await this.#ask('GET', path, undefined, settingsLimitMs)) as { settings: string };
    return settings;
  }

  /** The lines of the log as they arrive; ends with the fleet or when `signal` aborts. */
  async *logs(
    wanted: { readonly names: readonly string[]; readonly tail: number; readonly follow: boolean },
    signal?: AbortSignal,
  ): AsyncGenerator<LogEvent> {
    const parameters = new URLSearchParams();
    for (const name of wanted.names) parameters.append('name', name);
    parameters.set('tail', String(wanted.tail));
    parameters.set('follow', String(wanted.follow));
    const response = await this.#send('GET', `/logs?${parameters.toString()}`, undefined, this.#answerLimitMs, signal);
    if (response.statusCode !== 200) throw refused(await readAll(response));
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
        const read = readJson(Buffer.from(line));
        if (read.ok) yield read.value as LogEvent;
      }
    } catch (error) {
      // Its end in the middle of a line is an end.
      if (signal?.aborted !== true && !isReset(error)) throw error;
    }
  }

  async #ask(method: string, path: string, body?: object, limitMs = this.#answerLimitMs): Promise<unknown> {
    const response = await this.#send(method, path, body, limitMs);
    // One that is stopped in the middle of its answer is as silent as one that does not begin it.
    const timer = setTimeout(() => response.destroy(silent(limitMs)), limitMs);
    const value = await readAll(response).finally(() => clearTimeout(timer));
    if ((response.statusCode ?? 0) >= 400) throw refused(value);
    return value;
  }

  #send(
    method: string,
    path: string,
    body: object | undefined,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<import('node:http').IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = {
        socketPath: this.#socket,
        method,
        path,
        agent: false,
        ...(signal === undefined ? {} : { signal }),
      };
      const sent = request(options, (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      const timer = setTimeout(() => sent.destroy(silent(limitMs)), limitMs);
      sent.on('error', (error) => {
        clearTimeout(timer);
        reject(error instanceof ControlFailure ? error : new ControlFailure('gone', error.message));
      });
      if (body !== undefined) sent.setHeader('content-type', 'application/json');
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

function silent(limitMs: number): ControlFailure {
  return new ControlFailure('silent', `did not answer within ${limitMs / 1000} s`);
}

async function readAll(response: import('node:http').IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  } catch (error) {
    // It has ended in the middle of its answer.
    if (isReset(error)) throw new ControlFailure('gone', 'ended in the middle of its answer');
    throw error;
  }
  const read = readJson(Buffer.concat(chunks));
  return read.ok ? read.value : undefined;
}

function refused(value: unknown): ControlFailure {
  const problem = value as Partial<ControlProblem> | undefined; // Our own server's; looked at before it is used.
  if (typeof problem?.message !== 'string')
    return new ControlFailure('refused', 'The supervisor refused this without a reason. See its output.');
  return new ControlFailure('refused', problem.message, problem as ControlProblem);
}

function isReset(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
  );
}
