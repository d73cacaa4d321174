import { type ChildProcess, spawn } from 'node:child_process';

/** Runs in a process of its own: ends the groups it was told last as soon as nobody is there to tell more. */
const program = `
  let groups = [];
  process.on('message', (told) => { groups = told; });
  process.on('disconnect', () => {
    for (const pid of groups) try { process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL'); } catch {}
    process.exit();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);`;

/**
 * Ends processes that do not notice the end of the test's process by themselves, however that ends: also when it is killed, or
 * stopped in a debugger.
 */
export class EndWithTest {
  readonly #watcher: ChildProcess;
  readonly #pids = new Map<string, number>();

  constructor() {
    this.#watcher = spawn(process.execPath, ['-e', program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      // A Ctrl-C in the terminal is not for it: it has to outlive the test.
      detached: true,
      windowsHide: true,
    });
    this.#watcher.unref();
    this.#watcher.channel?.unref();
    // Without it everything works, but for the rare end that it is there for.
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

  /** Watches no more. */
  close(): void {
    this.#pids.clear();
    this.#tell();
    if (this.#watcher.connected) this.#watcher.disconnect();
  }

  #tell(): void {
    if (this.#watcher.connected) this.#watcher.send([...this.#pids.values()], () => undefined);
  }
}
