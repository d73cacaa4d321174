import { integer, type Settings } from '../config/index.ts';
import type { FurtherServers, ServerDeclaration } from './definitions.ts';
import type { PlacedServer } from './server-set.ts';

type Declarations = Readonly<Record<string, ServerDeclaration>>;

/** Names that the chassis uses itself for settings and servers. */
const taken: ReadonlySet<string> = new Set(['http', 'server', 'admin']);

/** The port settings of a service's further servers. Throws for a name that is not valid. */
export function settingsOfServers(declared: Declarations): Settings {
  const settings: Record<string, Settings[string]> = {};
  for (const [name, { defaultPort, describe }] of Object.entries(declared)) {
    if (!/^[a-z][a-z0-9]{0,30}$/.test(name) || taken.has(name))
      throw new Error(
        `"${name}" is not a valid server name: use up to 31 lower-case letters and digits, but none of ${[...taken].join(', ')}`,
      );
    const range = { min: 0, max: 65_535, local: 'It is different for each instance.' } as const;
    settings[portSetting(name)] =
      defaultPort === undefined
        ? integer({ describe: `${describe}; 0 picks a free port. Default: it is off`, optional: true, ...range })
        : integer({ describe: `${describe}; 0 picks a free port`, default: defaultPort, ...range });
  }
  return settings;
}

/** Places the servers that a service made where the settings say; those that are off, nowhere. Throws if they are not the declared ones. */
export function furtherServers(
  declared: Declarations,
  made: FurtherServers,
  config: Readonly<Record<string, unknown>> & { readonly SERVER_HOST: string },
): readonly PlacedServer[] {
  const undeclared = Object.keys(made).filter((name) => !Object.hasOwn(declared, name));
  if (undeclared.length > 0)
    throw new Error(`The setup returned servers that the definition does not declare: ${undeclared.join(', ')}`);
  return Object.keys(declared).flatMap((name) => {
    const server = made[name];
    if (server === undefined) throw new Error(`The setup returned no server "${name}", which the definition declares`);
    const port = config[portSetting(name)];
    if (port === undefined) return [];
    const settings = { host: 'SERVER_HOST', port: portSetting(name) };
    return [{ name, server, host: config.SERVER_HOST, port: Number(port), settings, serves: 'callers' } as const];
  });
}

function portSetting(name: string): string {
  return `${name.toUpperCase()}_PORT`;
}

/** The message if two of these settings name the same port; otherwise undefined. 0 is any free port. */
export function repeatedPort(config: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const seen = new Map<number, string>();
  for (const name of names) {
    const port = config[name];
    if (typeof port !== 'number' || port === 0) continue;
    const other = seen.get(port);
    if (other !== undefined) return `${name} and ${other} are both ${port}. Set them to different ports.`;
    seen.set(port, name);
  }
  return undefined;
}
