import { type ChildProcess, spawn } from 'node:child_process';

/** What a foreign program is started with, and how one sees that it serves. */
export interface ForeignProgram {
  readonly path: string;
  readonly args: readonly string[];
  /** Who runs it, and where. Default: as the test. */
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  /** How long it may take until it serves, in milliseconds. */
  readonly readyWithinMs: number;
  isReady(): Promise<boolean>;
}

/** A server that is none of ours, as a process that can be killed and started again. It ends with the test's process. */
export class ForeignProcess implements AsyncDisposable {
  readonly #program: ForeignProgram;
  #child: ChildProcess | undefined;
  #output = '';
  readonly #killAtExit = (): void => void this.#child?.kill('SIGKILL');

  constructor(program: ForeignProgram) {
    this.#program = program;
    process.once('exit', this.#killAtExit);
  }

  /** Resolves when it serves; rejects with what it wrote if it ends before, or takes too long. */
  async start(): Promise<void> {
    const { path, args, readyWithinMs, isReady, ...where } = this.#program;
    const child = spawn(path, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => {
        this.#output = (this.#output + text.toString('latin1')).slice(-20_000);
      });
    let failure: unknown;
    child.on('error', (error) => (failure = error));
    const endMs = performance.now() + readyWithinMs;
    while (!(await isReady())) {
      if (failure !== undefined || child.exitCode !== null)
        throw new Error(`${path} ended: ${String(failure ?? '')}\n${this.#output}`);
      if (performance.now() > endMs) throw new Error(`${path} does not serve:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Its process id, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends it at once, as a crash does. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#killAtExit);
    await this.stop();
  }
}
