import { ConfigurationError } from '../config/index.ts';
import { findPortHolder } from '../host/port-holder.ts';
import { isWrongHost } from '../host/wrong-host.ts';

/** Where a program tried to listen, and which settings say so. */
export interface WantedAddress {
  readonly host: string;
  readonly port: number;
  readonly settings: { readonly host: string; readonly port: string };
}

/** The error to show if listening failed because of the configuration; otherwise `undefined`. */
export async function explainListenFailure(
  error: unknown,
  { host, port, settings }: WantedAddress,
): Promise<ConfigurationError | undefined> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const other = `Set ${named(settings.port)} to another port`;
  switch (code) {
    case 'EADDRINUSE': {
      const holder = await findPortHolder(port);
      const who = holder === undefined ? '' : ` by process ${holder.pid} (${holder.command})`;
      return new ConfigurationError(`port ${port} is in use${who}.\n${other}, or stop what uses it.`, { cause: error });
    }
    case 'EACCES':
      return new ConfigurationError(`this user may not listen on port ${port}.\n${other}, 1024 or higher.`, {
        cause: error,
      });
    default: {
      if (!isWrongHost(code)) return undefined;
      const advice = `Set ${named(settings.host)} to one of its addresses; 0.0.0.0 listens on all.`;
      return new ConfigurationError(`this machine has no address "${host}".\n${advice}`, { cause: error });
    }
  }
}

function named(setting: string): string {
  return `${setting} (or --${setting.toLowerCase().replaceAll('_', '-')})`;
}
