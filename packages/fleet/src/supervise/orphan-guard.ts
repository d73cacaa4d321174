import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { hasGroups } from './process-group.ts';

/**
 * What a shell does for us when we are gone: it is told the groups that run, line by line, and reads an end when nobody is
 * there any more to tell. A program that knows us sees our end itself.
 */
const script = `
groups=
while read -r sign group; do
  case $sign in
    +) groups="$groups $group" ;;
    -) rest=; for each in $groups; do [ "$each" = "$group" ] || rest="$rest $each"; done; groups=$rest ;;
  esac
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
anybody() { for group in $groups; do kill -s 0 -- "-$group" 2>/dev/null && return 0; done; return 1; }
tries=0
while [ $tries -lt 50 ] && anybody; do sleep 0.1; tries=$((tries + 1)); done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/**
 * Ends programs that would be left behind when the supervisor is killed, because they do not know us: nothing else could, and they
 * would hold their ports. It costs one shell, which is started with the first of them.
 */
export class OrphanGuard {
  #shell: ChildProcess | undefined;

  /** The group that this process leads is ours. */
  add(pid: number | undefined): void {
    if (pid === undefined || !hasGroups) return;
    this.#shell ??= this.#start();
    this.#shell.stdin?.write(`+ ${pid}\n`);
  }

  /** It has ended. */
  remove(pid: number | undefined): void {
    if (pid !== undefined) this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  /** Nothing runs any more. */
  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  #start(): ChildProcess {
    // In a group of its own: what ends ours must not end it.
    const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
    // Without a shell nobody looks after them: that is no reason not to run them.
    shell.on('error', () => undefined);
    shell.stdin.on('error', () => undefined);
    shell.unref();
    // A pipe of ours is a socket to Node.
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    return shell;
  }
}
