import { type ChildProcess, spawn } from 'node:child_process';

/** Runs in its own process. When the test's process is gone, kills the process groups it was last told about. */
const program = `
  let groups = [];
  process.on('message', (told) => { groups = told; });
  process.on('disconnect', () => {
    for (const pid of groups) try { process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL'); } catch {}
    process.exit();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);`;

/**
 * Kills processes when the test's process ends, however it ends: even by SIGKILL, or by the stop button of a debugger. For programs
 * that do not notice it themselves.
 */
export class EndWithTest {
  readonly #watcher: ChildProcess;
  readonly #pids = new Map<string, number>();

  constructor() {
    this.#watcher = spawn(process.execPath, ['-e', program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      // It must outlive the test, so Ctrl-C in the terminal must not reach it.
      detached: true,
      windowsHide: true,
    });
    this.#watcher.unref();
    this.#watcher.channel?.unref();
    // It is only a safety net: the test works without it.
    this.#watcher.on('error', () => undefined);
  }

  add(name: string, pid: number | undefined): void {
    if (pid === undefined) return;
    this.#pids.set(name, pid);
    this.#tell();
  }

  delete(name: string): void {
    if (this.#pids.delete(name)) this.#tell();
  }

  /** Stops watching. */
  close(): void {
    this.#pids.clear();
    this.#tell();
    if (this.#watcher.connected) this.#watcher.disconnect();
  }

  #tell(): void {
    if (this.#watcher.connected) this.#watcher.send([...this.#pids.values()], () => undefined);
  }
}
