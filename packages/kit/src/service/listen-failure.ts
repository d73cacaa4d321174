import { findPortHolder } from '../host/port-holder.ts';
import { isWrongHost } from '../host/wrong-host.ts';

/** What to tell the person when listening failed for a reason that lies in the configuration; `undefined` for others. */
export async function explainListenFailure(
  error: unknown,
  program: string,
  host: string,
  port: number,
): Promise<string | undefined> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const other = `Set SERVER_PORT (or --server-port) to another port`;
  switch (code) {
    case 'EADDRINUSE': {
      const holder = await findPortHolder(port);
      const who = holder === undefined ? '' : ` by process ${holder.pid} (${holder.command})`;
      return `${program} cannot start: port ${port} is in use${who}.\n${other}, or stop what uses it.\n`;
    }
    case 'EACCES':
      return `${program} cannot start: this user may not listen on port ${port}.\n${other}, 1024 or higher.\n`;
    default:
      if (!isWrongHost(code)) return undefined;
      return `${program} cannot start: this machine has no address "${host}".\nSet SERVER_HOST (or --server-host) to one it has; 0.0.0.0 listens on all.\n`;
  }
}
