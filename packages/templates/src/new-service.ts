import type { Draft } from './draft.ts';
import { WishRefused } from './draft.ts';
import { fillIn } from './fill-in.ts';
import { gatewayFile, numbersOf, ProjectFiles, portsOf, servicesOf } from './project-files.ts';
import type { ResourceName } from './resource-name.ts';
import { readServiceName } from './service-name.ts';
import { templateFiles } from './template-files.ts';

/** The first port that services take, as the platform's own do. */
const firstPort = 8001;
/** Where programs of the platform listen. */
const takenPorts = [8080, 8090, 8443, 8500, 8600];
/** The port that the template is written with. */
const templatePort = 8001;

/** The service to add. */
export interface NewServiceWish {
  /** The project's folder. */
  readonly root: string;
  /** Its resource, in the singular: `book`. */
  readonly name: string;
  /** Its port. Default: the first one from 8001 that the fleet file does not use. */
  readonly port?: number | undefined;
}

/**
 * Drafts a service with a database, routes, migrations and tests, its place in the fleet and its routes at the gateway.
 *
 * @throws {WishRefused}
 */
export async function draftService({ root, name: text, port: wished }: NewServiceWish): Promise<Draft> {
  const reading = readServiceName(text);
  if (!reading.ok) throw new WishRefused(reading.problem);
  const { name } = reading;
  const files = await ProjectFiles.read(root);
  const service = `${name.kebab}-service`;
  if (servicesOf(files).includes(service)) {
    throw new WishRefused(`${files.fleetFile} already has a ${service}. Choose another name.`);
  }
  const taken = [...portsOf(files), ...takenPorts];
  if (wished !== undefined && taken.includes(wished)) {
    throw new WishRefused(`Port ${wished} belongs to another program of the fleet. Choose another one with --port.`);
  }
  const port = wished ?? freePort([...taken, ...numbersOf(files)]);
  const written = await serviceFiles(name, port);
  files.add(files.fleetFile, 'programs', `'${service}': { run: 'services/${name.kebab}/main.ts', port: ${port} }`);
  for (const route of routesOf(name)) files.add(gatewayFile, 'routes', route);
  return { changes: [...written, ...files.changes], byHand: files.byHand };
}

/** The files of a service, below `services/`. */
export async function serviceFiles(
  name: ResourceName,
  port: number,
): Promise<readonly { path: string; text: string }[]> {
  const files = await templateFiles('service');
  return files.map(({ path, text }) => ({
    path: `services/${fillIn(path, name)}`,
    text: fillIn(text, name).replaceAll(`defaultPort: ${templatePort}`, `defaultPort: ${port}`),
  }));
}

/** The routes of a service at the gateway: the list, and one of what it keeps. */
function routesOf({ kebab, kebabs }: ResourceName): readonly string[] {
  return ['', '/{id}'].map((rest) => `{ kind: 'proxy', match: '/${kebabs}${rest}', service: '${kebab}-service' }`);
}

function freePort(taken: readonly number[]): number {
  let port = firstPort;
  while (taken.includes(port)) port += 1;
  return port;
}
