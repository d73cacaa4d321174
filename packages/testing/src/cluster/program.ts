import { type ChildProcess, spawn } from 'node:child_process';

/** How a process ended. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Which program to start, and with what. */
export interface ProgramOptions {
  /** The file Node runs, an absolute path. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** The whole environment: nothing is inherited, so that a test does not depend on the shell it was started from. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** How long `start` waits for the program to say that it is ready, in milliseconds. Default 30 000. */
  readonly readyTimeoutMs?: number;
}

/** How long after its end a process's output is waited for. */
const lastWordsMs = 1_000;

/**
 * A program as its own process, that can be killed and started again. It is ready when it has sent
 * `{ type: 'ready', url }` over its IPC channel; that channel also makes it stop when the test's process dies.
 */
export class Program implements AsyncDisposable {
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<ProgramExit> = Promise.resolve({ code: null, signal: null });
  readonly #groups: number[] = [];
  #url: string | undefined;
  #stdout = '';
  #stderr = '';

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  /** Where it serves, without a slash at the end. Throws before it was ready. */
  get url(): string {
    if (this.#url === undefined) throw new Error(`${this.#options.entry} has not been ready yet`);
    return this.#url;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** All it has written to stdout, over all its starts. */
  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Settles when the present process has ended; at once when there is none. */
  get exited(): Promise<ProgramExit> {
    return this.#exited;
  }

  /** Starts the process and waits until it is ready. Rejects, with what it wrote, when it ends or stays silent instead. */
  async start(): Promise<void> {
    const ready = Promise.withResolvers<void>();
    const limitMs = this.#options.readyTimeoutMs ?? 30_000;
    const tooLate = setTimeout(() => ready.reject(this.#failure(`was not ready within ${limitMs} ms`)), limitMs);
    this.launch((url) => {
      this.#url = url;
      ready.resolve();
    });
    void this.#exited.then(({ code, signal }) => ready.reject(this.#failure(`ended with ${signal ?? code}`)));
    try {
      await ready.promise;
    } finally {
      clearTimeout(tooLate);
    }
  }

  /** Starts the process without waiting, for tests of programs that are not meant to become ready. */
  launch(onReady: (url: string) => void = () => {}): void {
    if (this.#child !== undefined) throw new Error(`${this.#options.entry} runs already`);
    const { entry, args = [], env = {}, cwd } = this.#options;
    const child = spawn(process.execPath, [entry, ...args], {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A process group of its own, so that what it has started can be ended with it.
      detached: true,
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    child.on('message', (message) => {
      if (isReady(message)) onReady(message.url);
    });
    if (child.pid !== undefined) this.#groups.push(child.pid);
    this.#exited = new Promise((resolve) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (this.#child === child) this.#child = undefined;
        resolve({ code, signal });
      };
      child.once('error', (error) => {
        this.#stderr += `${error.message}\n`;
      });
      // "close" comes after "exit", when all output has been read; but what it has started may hold its output open.
      child.once('exit', (code, signal) => setTimeout(() => ended(code, signal), lastWordsMs).unref());
      child.once('close', ended);
    });
  }

  /** Sends a signal. Default SIGKILL: the process has no chance to say goodbye. Resolves when it is gone. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ProgramExit> {
    this.#child?.kill(signal);
    return this.#exited;
  }

  /** Kills what still runs, and what that has started. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const group of this.#groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // Nothing of it is left.
      }
    }
    await this.#exited;
  }

  #failure(what: string): Error {
    return new Error(`${this.#options.entry} ${what}; it wrote:\n${this.#stderr}${this.#stdout}`);
  }
}

/** Starts a program and waits until it is ready. Dispose it with `await using`. */
export async function spawnProgram(options: ProgramOptions): Promise<Program> {
  const program = new Program(options);
  try {
    await program.start();
  } catch (error) {
    await program.kill();
    throw error;
  }
  return program;
}

function isReady(message: unknown): message is { readonly type: 'ready'; readonly url: string } {
  if (typeof message !== 'object' || message === null || !('type' in message) || !('url' in message)) return false;
  return message.type === 'ready' && typeof message.url === 'string';
}
